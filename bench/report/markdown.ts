const row = (cells: string[]) => `| ${cells.join(' | ')} |`;

/** Rows of cells as a Markdown table, the first row as the head; all columns but the first are right-aligned. */
export const table = ([head, ...rows]: string[][]) =>
  [row(head!), row(head!.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');

/** Puts `text` between the marks `name` of a document, named `file` in the error. Throws if it has no such marks. */
export function fillMarked(file: string, document: string, name: string, text: string): string {
  const marks = new RegExp(`(<!-- ${name} -->)[\\s\\S]*(<!-- /${name} -->)`);
  if (!marks.test(document)) throw new Error(`${file} has no markers for ${name}.`);
  return document.replace(marks, (_, begin: string, end: string) => `${begin}${text}${end}`);
}
