import Table from 'cli-table3';

const frameless = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '' },
  ...{ 'bottom-right': '', left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ' },
};

/** A table without a frame, its lines indented by two; numbers are right-aligned. */
export function plainTable(rows: (string | number)[][]): string {
  const table = new Table({
    chars: frameless,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
  });
  const numeric = (column: number): boolean => rows.slice(1).some((row) => typeof row[column] === 'number');
  const cell = (content: string | number, column: number) =>
    ({ content: String(content), hAlign: numeric(column) ? 'right' : 'left' }) as const;
  table.push(...rows.map((row) => row.map(cell)));
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}
