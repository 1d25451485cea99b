import { unprocessable } from '../../contract/problem.ts';

// Encodes and decodes cursors. A cursor is a place in a list: the sort key and id of the row beside which the page begins.
// Its checksum over the list detects a mangled cursor, or one of another sort or filter. A cursor is no secret and reveals
// nothing, so the checksum guards against mistakes, not malice. Its content is validated.

/** A place in a list. `key` has one value for each sort column, null where that is null; ids are integers. */
export interface Position {
  key: (string | number | null)[];
  id: number;
  /** the page is read towards the beginning of the list */
  backwards: boolean;
  /** the row at the place belongs to the page */
  inclusive: boolean;
}

export type KeyType = 'text' | 'timestamptz' | 'date' | 'integer' | 'real';

const sum = (list: string, text: string) => Bun.hash(`${list}\n${text}`).toString(36);

/** The cursor of a position in the list named `list`. Its characters need no encoding in a URL. */
export function encodeCursor(list: string, { key, id, backwards, inclusive }: Position): string {
  const place = JSON.stringify([Number(backwards) + 2 * Number(inclusive), id, ...key]);
  const text = Buffer.from(place).toString('base64url');
  return `${text}.${sum(list, text)}`;
}

/** The position that a cursor stands for; `types` are those of its key. Throws a 422 unless it was made for `list`. */
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

/** The error of a read from a cursor's position: a 422 if the cursor's key is no valid value to PostgreSQL (class 22). */
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
  // A bitwise operation gives the same number if that is an integer of 32 bits.
  if (type === 'integer') return typeof value === 'number' && (value | 0) === value;
  if (typeof value !== 'string') return false;
  if (type === 'real') return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(value);
  if (type === 'text') return value.isWellFormed() && !value.includes('\0');
  return time.test(value);
}

/** A date or time as PostgreSQL writes it, or an instant as this server does. PostgreSQL decides whether the day exists. */
const time = /^(-?infinity|\d{4,}-\d\d-\d\d([ T]\d\d:\d\d[\d:.Z+-]*)?( BC)?)$/;
