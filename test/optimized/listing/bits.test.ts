import { expect, test } from 'bun:test';
import { add, all, count, has, intersect, none, unite } from '../../../src/optimized/listing/bits.ts';

const rows = [1, 31, 32, 33, 64, 100];
const of = (some: Iterable<number>, length: number) => {
  const bits = none(length);
  for (const row of some) if (row < length) add(bits, row);
  return bits;
};
const members = (bits: ReturnType<typeof none>, length: number) =>
  [...Array(length).keys()].filter((row) => has(bits, row) === 1);

test.each(rows)('a set of %d rows contains the rows that are added, united and intersected', (length) => {
  const every = [...Array(length).keys()];
  const [threes, fours] = [3, 4].map((step) => every.filter((row) => row % step === 0 || row === length - 1));
  const both = of(threes!, length);
  expect(members(both, length)).toEqual(threes!);
  expect(count(both)).toBe(threes!.length);
  intersect(both, of(fours!, length));
  expect(members(both, length)).toEqual(threes!.filter((row) => fours!.includes(row)));
  unite(both, of(fours!, length));
  expect(members(both, length)).toEqual(fours!);
  expect(count(all(length))).toBe(length);
  expect(members(all(length), length)).toEqual(every);
});

test('nothing is added if isIn is 0', () => {
  const bits = none(40);
  add(bits, 33, 0);
  expect(count(bits)).toBe(0);
});
