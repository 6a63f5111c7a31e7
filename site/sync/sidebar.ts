import { listPages, readText, type Page } from './pages.ts';

interface Link {
  label: string;
  slug: string;
}

type Group = { label: string; items: Link[] };

/** What is read first, in this order; any other document comes after the stages. */
const first = ['', 'primer'];

/** The pages in reading order, which is also the order of "next" and "previous". */
export function sidebar(): (Link | Group)[] {
  const pages = listPages();
  const stages = pages.filter(({ address }) => /^stage-\d+$/.test(address));
  const others = pages.filter(({ address }) => !first.includes(address) && !address.startsWith('stage-'));
  const folders = [...Map.groupBy(others, ({ address }) => address.split('/').slice(0, -1).join('/'))];
  return [
    ...first.flatMap((address) => pages.filter((page) => page.address === address).map(linkTo)),
    ...stages.map((stage) => stageGroup(pages, stage)),
    ...folders.map(([folder, list]) => ({ label: folder === '' ? 'More' : capital(folder), items: list.map(linkTo) })),
  ];
}

function stageGroup(pages: Page[], { address, file }: Page): Group {
  const difference = pages.find((page) => page.address === `${address}/difference`);
  return {
    label: titleOf(file),
    items: [
      { label: 'Hands on', slug: address },
      ...(difference ? [{ label: 'The difference', slug: difference.address }] : []),
    ],
  };
}

function linkTo({ address, file }: Page): Link {
  return { label: address === '' ? 'Start' : titleOf(file), slug: address };
}

/** The title up to its comma: the rest is for the page itself. */
function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readText(file))![1]!.split(',')[0]!;
}

function capital(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}
