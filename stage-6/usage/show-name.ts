const letters = new Intl.Segmenter();

// A user typed it. What moves the cursor, is invisible or turns text around is shown by its number; joiners are letters.
export function showName(name: string, most: number): string {
  const text = name.replaceAll(/(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
  const shown = [...letters.segment(text)].map(({ segment }) => segment);

  return shown.length > most ? `${shown.slice(0, most - 1).join('')}…` : text;
}
