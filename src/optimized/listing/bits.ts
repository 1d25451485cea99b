// Implements sets of sample rows as bitmaps: an estimate creates a dozen of them, of 512 bytes instead of 4 096. Loops use an index:
// an iterator over a typed array takes several times as long.

/** One bit for each row, by its index in the sample; bits beyond the last row are 0. */
export type Bits = Uint32Array<ArrayBuffer>;

export const none = (rows: number): Bits => new Uint32Array(Math.ceil(rows / 32));

export function all(rows: number): Bits {
  const bits = none(rows).fill(0xffffffff);
  if (rows % 32 > 0) bits[bits.length - 1]! >>>= 32 - (rows % 32);
  return bits;
}

/** Adds the row if `isIn` is 1, and nothing if it is 0. */
export function add(bits: Bits, row: number, isIn = 1): void {
  bits[row >>> 5]! |= isIn << (row & 31);
}

/** Removes the rows from `bits` that are not in `others`. */
export function intersect(bits: Bits, others: Bits): void {
  for (let i = 0; i < bits.length; i++) bits[i]! &= others[i]!;
}

/** Adds the rows of `others` to `bits`. */
export function unite(bits: Bits, others: Bits): void {
  for (let i = 0; i < bits.length; i++) bits[i]! |= others[i]!;
}

/** The rows of `bits` that are not in `others`. */
export const without = (bits: Bits, others: Bits): Bits => bits.map((word, i) => word & ~others[i]!);

/** The number of rows in the set. */
export function count(bits: Bits): number {
  let sum = 0;
  for (let i = 0; i < bits.length; i++) sum += ones(bits[i]!);
  return sum;
}

/** The rows in the set, in ascending order. */
export function rowsOf(bits: Bits): Int32Array {
  const rows = new Int32Array(count(bits));
  let next = 0;
  for (let i = 0; i < bits.length; i++)
    for (let word = bits[i]!; word !== 0; word &= word - 1)
      rows[next++] = 32 * i + 31 - Math.clz32(word & -word);
  return rows;
}

/** How many rows of the set come before each of `rows`, which are in ascending order. */
export function countBefore(bits: Bits, rows: Int32Array): Int32Array {
  const counts = new Int32Array(rows.length);
  let [word, sum] = [0, 0];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    for (; word < row >>> 5; word++) sum += ones(bits[word]!);
    counts[i] = sum + ones(bits[word]! & ((1 << (row & 31)) - 1));
  }
  return counts;
}

/** The number of bits set in a word (Warren, Hacker's Delight, 5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
