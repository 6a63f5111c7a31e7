import GithubSlugger from 'github-slugger';
import { repository } from './pages.ts';

/**
 * A block of a lesson as HTML around two fences: the difference, and the lines as they are after it. Which one shows is
 * for two radio buttons and the style sheet; no script is needed.
 * @param slugger one for each page, so that no address occurs twice
 */
export function hunk(stage: string, source: string, slugger: GithubSlugger): string {
  const [fence = '', ...lines] = source.split('\n');
  const body = lines.slice(0, -1);
  const attribute = (name: string): string =>
    new RegExp(`\\b${name}=(?:"([^"]*)"|'([^']*)')`).exec(fence)?.slice(1).join('') ?? '';
  const [title, lang] = [attribute('title'), attribute('lang')];
  const quote = attribute('anchor') || attribute('from');
  const id = slugger.slug(`${title.replaceAll(/[/.]/g, '-')} ${quote}`.slice(0, 70).trim()).replace(/^-+|-+$/g, '');
  const after = body.filter((line) => !line.startsWith('-')).map((line) => line.slice(1));
  const gone = body.every((line) => line.startsWith('-'));
  return [
    `<div class="hunk" id="${id}">`,
    '<div class="hunk-bar">',
    gone ? '' : choice(id, title),
    `<a href="#${id}" class="hunk-address">Link to this code</a>`,
    gone ? '' : `<a href="${repository}/blob/main/${stage}/${title}">Whole file</a>`,
    '</div>',
    '<div class="hunk-difference">',
    '',
    `\`\`\`diff lang="${lang}" title="${title}"`,
    ...body,
    '```',
    '',
    '</div>',
    ...(gone ? [] : ['<div class="hunk-after">', '', `\`\`\`${lang} title="${title}"`, ...after, '```', '', '</div>']),
    '</div>',
  ]
    .filter((line, index, all) => line !== '' || all[index - 1] !== '')
    .join('\n');
}

function choice(id: string, title: string): string {
  const option = (value: string, label: string, checked: string): string =>
    `<label><input type="radio" name="show-${id}" value="${value}"${checked}>${label}</label>`;
  return `<fieldset><legend class="sr-only">What to show of ${title}</legend>${option('difference', 'Difference', ' checked')}${option('after', 'After', '')}</fieldset>`;
}
