import { unprocessable } from '../contract/problem.ts';

// A cursor is a place in a list: the sort key and id of the customer beside which the page begins. It carries a
// checksum over the list it belongs to, so that one from another sort or filter, or a mangled one, is noticed. It
// is no secret and gives nothing away, so the checksum guards against mistakes, not against malice.

/** A place in a list. `key` has one text for each sort column, null for a missing value; ids are whole numbers. */
export interface Position {
  key: (string | number | null)[];
  id: number;
  /** reads towards the beginning of the list */
  backwards: boolean;
  /** the customer at the place belongs to the page */
  inclusive: boolean;
}

const sum = (list: string, text: string) => Bun.hash(`${list}\n${text}`).toString(36);

/** The text of a position in the list that `list` names; made of letters that need no encoding in a URL. */
export function encodeCursor(list: string, { key, id, backwards, inclusive }: Position): string {
  const place = JSON.stringify([Number(backwards) + 2 * Number(inclusive), id, ...key]);
  const text = Buffer.from(place).toString('base64url');
  return `${text}.${sum(list, text)}`;
}

/** The position a cursor stands for. Throws a 422 unless it was made for `list`. */
export function decodeCursor(list: string, cursor: string): Position {
  const text = cursor.slice(0, cursor.indexOf('.'));
  if (cursor !== `${text}.${sum(list, text)}`) {
    const message = 'must come from next or previous of a list with the same filters and sort';
    throw unprocessable([{ parameter: 'cursor', message }]);
  }
  const place = Buffer.from(text, 'base64url').toString();
  const [flags, id, ...key] = JSON.parse(place) as [number, number, ...Position['key']];
  return { key, id, backwards: (flags & 1) === 1, inclusive: (flags & 2) === 2 };
}
