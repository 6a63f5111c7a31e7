const letters = new Intl.Segmenter();
const longest = 24;

// A user typed it. Control and format characters are shown as numbers, except the two joiners, which letters need.
export function showName(name: string): string {
  const text = name.replaceAll(/(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  const shown = [...letters.segment(text)].map(({ segment }) => segment);

  return shown.length > longest ? `${shown.slice(0, longest - 1).join('')}…` : text;
}
