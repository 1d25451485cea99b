import { unprocessable } from '../../contract/problem.ts';

// A cursor is a place in a list: the sort key and id of the row beside which the page begins. It carries a checksum over
// the list it belongs to, so that one from another sort or filter, or a mangled one, is noticed. It is no secret and
// gives nothing away, so the checksum guards against mistakes, not against malice; what it holds is checked.

/** A place in a list. `key` has one value for each sort column, null for a missing one; ids are whole numbers. */
export interface Position {
  key: (string | number | null)[];
  id: number;
  /** reads towards the beginning of the list */
  backwards: boolean;
  /** the row at the place belongs to the page */
  inclusive: boolean;
}

export type KeyType = 'text' | 'timestamptz' | 'date' | 'integer' | 'real';

const sum = (list: string, text: string) => Bun.hash(`${list}\n${text}`).toString(36);

/** The text of a position in the list that `list` names; made of letters that need no encoding in a URL. */
export function encodeCursor(list: string, { key, id, backwards, inclusive }: Position): string {
  const place = JSON.stringify([Number(backwards) + 2 * Number(inclusive), id, ...key]);
  const text = Buffer.from(place).toString('base64url');
  return `${text}.${sum(list, text)}`;
}

/** The position a cursor stands for; `types` are those of its key. Throws a 422 unless it was made for `list`. */
export function decodeCursor(list: string, cursor: string, types: readonly KeyType[]): Position {
  const text = cursor.slice(0, cursor.indexOf('.'));
  const place =
    cursor === `${text}.${sum(list, text)}` ? parse(Buffer.from(text, 'base64url').toString()) : null;
  if (place) {
    const [flags, id, ...key] = place as [number, number, ...Position['key']];
    const isPlace = Number.isSafeInteger(flags) && Number.isSafeInteger(id) && key.length === types.length;
    if (isPlace && key.every((value, i) => isKey(value, types[i]!)))
      return { key, id, backwards: (flags & 1) === 1, inclusive: (flags & 2) === 2 };
  }
  throw badCursor();
}

const badCursor = () =>
  unprocessable([
    {
      parameter: 'cursor',
      message: 'must come from next or previous of a list with the same filters and sort',
    },
  ]);

/** What reading from a cursor's position failed with: a 422 where PostgreSQL found no value in the cursor's key (class 22). */
export const cursorFault = (error: unknown): unknown =>
  /^22/.test(String((error as { code?: unknown }).code)) ? badCursor() : error;

function parse(text: string): unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function isKey(value: unknown, type: KeyType): boolean {
  if (value === null) return true;
  if (type === 'integer') return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
  if (typeof value !== 'string') return false;
  if (type === 'real') return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value);
  if (type === 'text') return value.isWellFormed() && !value.includes('\0');
  return time.test(value);
}

/** As PostgreSQL writes a date or a time, or this server its instants. PostgreSQL says whether there is such a day. */
const time = /^(-?infinity|\d{4,}-\d\d-\d\d([ T]\d\d:\d\d[\d:.Z+-]*)?( BC)?)$/;
