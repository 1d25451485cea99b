import { expect, test } from 'bun:test';
import {
  add,
  all,
  count,
  countBefore,
  intersect,
  none,
  rowsOf,
  unite,
} from '../../../src/optimized/listing/bits.ts';

const rows = [1, 31, 32, 33, 64, 100];
const of = (some: Iterable<number>, length: number) => {
  const bits = none(length);
  for (const row of some) if (row < length) add(bits, row);
  return bits;
};
const members = (bits: ReturnType<typeof none>) => [...rowsOf(bits)];

test.each(rows)('a set of %d rows contains the rows that are added, united and intersected', (length) => {
  const every = [...Array(length).keys()];
  const [threes, fours] = [3, 4].map((step) => every.filter((row) => row % step === 0 || row === length - 1));
  const both = of(threes!, length);
  expect(members(both)).toEqual(threes!);
  expect(count(both)).toBe(threes!.length);
  intersect(both, of(fours!, length));
  expect(members(both)).toEqual(threes!.filter((row) => fours!.includes(row)));
  unite(both, of(fours!, length));
  expect(members(both)).toEqual(fours!);
  expect(count(all(length))).toBe(length);
  expect(members(all(length))).toEqual(every);
});

test.each(rows)('a set of %d rows counts those before others', (length) => {
  const every = [...Array(length).keys()];
  const [threes, fours] = [3, 4].map((step) => every.filter((row) => row % step === 0));
  const before = fours!.map((row) => threes!.filter((other) => other < row).length);
  expect([...countBefore(of(threes!, length), Int32Array.from(fours!))]).toEqual(before);
});

test('nothing is added if isIn is 0', () => {
  const bits = none(40);
  add(bits, 33, 0);
  expect(count(bits)).toBe(0);
});
