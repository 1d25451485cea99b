// Implements sets of sample rows as bitmaps: an estimate creates a dozen of them, of 512 bytes instead of 4 096.

/** One bit for each row, by its index in the sample; bits beyond the last row are 0. */
export type Bits = Uint32Array<ArrayBuffer>;

export const none = (rows: number): Bits => new Uint32Array(Math.ceil(rows / 32));

export function all(rows: number): Bits {
  const bits = none(rows).fill(0xffffffff);
  if (rows % 32 > 0) bits[bits.length - 1]! >>>= 32 - (rows % 32);
  return bits;
}

/** 1 if the row is in the set, else 0. */
export const has = (bits: Bits, row: number): number => (bits[row >>> 5]! >>> (row & 31)) & 1;

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

/** The number of rows in the set (Warren, Hacker's Delight, 5-1). */
export function count(bits: Bits): number {
  let sum = 0;
  for (let word of bits) {
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    sum += Math.imul((word + (word >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return sum;
}
