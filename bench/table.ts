/** Rows of cells as aligned text. The first row is the header; all columns but the first are right-aligned. */
export function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => Bun.stringWidth(row[column]!))));
  const line = (row: string[]) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat(widths[column]! - Bun.stringWidth(cell));
        return column === 0 ? cell + space : space + cell;
      })
      .join('  ');
  const [head, ...body] = rows.map(line);
  return [head!, '-'.repeat(head!.length), ...body].join('\n');
}

/** 0.123, 4.56, 12.3, 1 234: at least three significant digits, for milliseconds and rates. */
export function short(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
  return value.toPrecision(3);
}
