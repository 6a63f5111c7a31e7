import { listPages, readText, type Page } from './pages.ts';

interface Link {
  label: string;
  slug: string;
}

type Group = { label: string; items: Link[]; collapsed?: boolean };

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
    ...folders.map(([folder, list]) => folderGroup(folder, list)),
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

/** Solutions stay folded, so that nobody reads one by accident. */
function folderGroup(folder: string, pages: Page[]): Group {
  const [name = '', stage] = folder.split('/');
  const label = folder === '' ? 'More' : [capital(name), stage?.replace('-', ' ')].filter(Boolean).join(', ');
  return { label, items: pages.map(linkTo), ...(name === 'solutions' && { collapsed: true }) };
}

function linkTo({ address, file }: Page): Link {
  return { label: address === '' ? 'Start' : titleOf(file), slug: address };
}

/** The title up to its comma: the rest is for the page itself. */
function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readText(file))![1]!.split(',')[0]!;
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
