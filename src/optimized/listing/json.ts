import { rfc3339 } from '../../contract/times.ts';
import { columnOf, type Listing } from './listing.ts';

// Rows as JSON, from the database's answer to the server's. Values are cut out and put behind field names as they are, since PostgreSQL
// escapes them as JSON.stringify does. To parse and serialize them took twice as long (docs/limits.md, "The server process").

/** The values of a row: a text in JSON with its quotes, or null. */
export type Tokens = readonly (string | null)[];

/** Cuts rows into their values. `rows` are JSON arrays of texts and nulls, as array_to_json makes them, joined by commas. */
export function cut(rows: string): Tokens[] {
  const all: Tokens[] = [];
  // Each value begins behind a bracket or a comma, and each row one comma later.
  for (let at = 0; at < rows.length; at += 2) {
    const row: (string | null)[] = [];
    do {
      const from = at + 1;
      const isNull = rows[from] === 'n';
      at = isNull ? from + 4 : closing(rows, from + 1) + 1;
      row.push(isNull ? null : rows.slice(from, at));
    } while (rows[at] === ',');
    all.push(row);
  }
  return all;
}

/** The place of the quote that ends a text: an even number of backslashes is before it. */
function closing(rows: string, from: number): number {
  const end = rows.indexOf('"', from);
  if (end < 0) throw new Error(`a row ends within a value: ${rows.slice(0, 100)}`);
  let backslashes = 0;
  while (rows[end - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 0 ? end : closing(rows, end + 1);
}

/** The text of a value. */
export const textOf = (token: Tokens[number]): string | null => token && JSON.parse(token);

/** The fields of a JSON object: columns under their own names, and groups of them, each null where its first column is. */
export type Fields = readonly (string | { readonly [group: string]: Fields })[];

type Render = (row: Tokens) => string;

/** Makes the function that renders a row as a JSON object with these fields. */
export function renderer(listing: Listing, fields: Fields): Render {
  const parts = fields.flatMap((field) =>
    typeof field === 'string'
      ? [{ key: field, render: columnIn(listing, field) }]
      : Object.entries(field).map(([key, some]) => ({ key, render: groupIn(listing, some) })),
  );
  const all = parts.map(({ key, render }, i) => ({ key: `${i === 0 ? '{' : ','}"${key}":`, render }));
  return (row) => {
    let text = '';
    for (const { key, render } of all) text += key + render(row);
    return `${text}}`;
  };
}

function groupIn(listing: Listing, fields: Fields): Render {
  const render = renderer(listing, fields);
  const { at } = aboutOf(listing, fields[0] as string);
  return (row) => (row[at] === null ? 'null' : render(row));
}

function columnIn(listing: Listing, name: string): Render {
  const { at, type } = aboutOf(listing, name);
  if (type === 'integer') return (row) => row[at]?.slice(1, -1) ?? 'null';
  if (type !== 'timestamptz') return (row) => row[at] ?? 'null';
  return (row) => (row[at] == null ? 'null' : `"${rfc3339(row[at].slice(1, -1))}"`);
}

const aboutOf = (listing: Listing, name: string) =>
  name === 'id' ? ({ at: 0, type: 'integer' } as const) : columnOf(listing, name);
