import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { gramsOf, gramsToAsk } from '../../../src/optimized/listing/grams.ts';

const all = 8_000;
const having =
  (counts: ReadonlyMap<string, number> = new Map()) =>
  (text: string) =>
    counts.get(text) ?? 0;

describe('the grams that are looked up', () => {
  test('are rare ones if all texts begin alike', () => {
    const values = new Map([
      ...['cust', 'ust-', 'st-0', 't-00'].map((gram): [string, number] => [gram, 4_000]),
      ...['-001', '0012'].map((gram): [string, number] => [gram, 3]),
    ]);
    const asked = gramsToAsk('CUST-00123456', having(values), all);
    expect(asked).toEqual(['-001', '0012', '1234', '3456']);
  });

  test('are rare ones even if one is much rarer than the others', () => {
    const values = new Map([
      ...['cust', 'ust-', 'st-0', 't-00', '-000', '0000'].map((gram): [string, number] => [gram, all / 8]),
      ...['0001', '0012', '0123'].map((gram): [string, number] => [gram, 100]),
    ]);
    expect(gramsToAsk('CUST-00001234', having(values), all)).toEqual(['0001', '0012', '0123', '1234']);
  });

  test('are spread over the text if all of them are equally rare', () => {
    expect(gramsToAsk('abcdefghij', having(), all)).toEqual(['abcd', 'cdef', 'efgh', 'ghij']);
    expect(gramsToAsk('aaaaaaaa', having(new Map([['aaaa', 5]])), all)).toEqual(['aaaa']);
  });

  test('are not all counted if the first four are rare', () => {
    let counted = 0;
    const rarely = () => (++counted > 0 ? all / 64 : 0);
    expect(gramsToAsk('0123456789abcdef', rarely, all)).toEqual(['0123', '4567', '89ab', 'cdef']);
    expect(counted).toBe(4);
  });

  test('are counted to one value in eight, and to fewer as soon as one is rare', () => {
    const limits: number[] = [];
    gramsToAsk(
      'CUST-00123456',
      (text, most) => {
        limits.push(most);
        return text === '3456' ? 3 : Math.min(most, all / 2);
      },
      all,
    );
    expect(limits).toEqual([all / 8, ...Array.from({ length: 9 }, () => 8 * (all / 512) + 1)]);
  });

  test('of a short text are the text itself', () => {
    for (const text of ['a', 'ab', 'abc', 'abcd', '😀😀'])
      expect(gramsToAsk(text, having(), all)).toEqual([text]);
  });

  test('are always grams of the text, at most four', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.array(fc.nat(100)), (text, counts) => {
        const grams = gramsOf(text);
        const rowsWith = new Map(grams.map((gram, i) => [gram, counts[i % (counts.length || 1)] ?? 0]));
        const asked = gramsToAsk(text, having(rowsWith), all);
        expect(asked.length).toBeWithin(1, 5);
        for (const gram of asked) expect(grams).toContain(gram);
      }),
    );
  });
});
