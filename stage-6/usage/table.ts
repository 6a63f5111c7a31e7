const graphemes = new Intl.Segmenter();
// Of what a terminal draws two columns wide, the scripts and the emoji; not the half-width forms.
const wide =
  /^(?![\uff61-\uffdc])[\p{Emoji_Presentation}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff01-\uffe6]|\ufe0f/u;

function split(text: string): { segment: string; width: number }[] {
  return [...graphemes.segment(text)].map(({ segment }) => ({ segment, width: wide.test(segment) ? 2 : 1 }));
}

export function widthOf(text: string): number {
  return split(text).reduce((sum, { width }) => sum + width, 0);
}

// A user typed it. What moves the cursor, is invisible or turns text around is shown by its number; joiners are letters.
export function showName(name: string, most: number): string {
  const text = name.replaceAll(/(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  if (widthOf(text) <= most) return text;

  let room = most - 1;
  const kept = split(text).filter(({ width }) => (room -= width) >= 0);

  return `${kept.map(({ segment }) => segment).join('')}…`;
}

// Names stand to the left, numbers to the right.
export function table(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  const cell = (text: string, column: number) => {
    const space = ' '.repeat(widths[column] - widthOf(text));
    return column === 0 ? text + space : space + text;
  };

  return rows.map((row) => row.map(cell).join('   ').trimEnd()).join('\n');
}
