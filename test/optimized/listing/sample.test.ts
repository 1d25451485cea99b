import { describe, expect, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import { sampleOf, valuesWith } from '../../../src/optimized/listing/sample.ts';

const rows = 800;
const sample = sampleOf(
  100 * rows,
  Array.from({ length: rows }, (_, id) => ({ values: [id, `CUST-${10_000 + id}`], words: [] })),
);

describe('the values of a sample that contain a text', () => {
  test('are counted', () => {
    expect(sample.containing(1, 't-1079')).toBe(10);
    expect(sample.containing(1, 't-10799')).toBe(1);
    expect(sample.containing(1, 'none')).toBe(0);
  });

  test('are counted to a limit', () => {
    expect(sample.containing(1, 'cust', 100)).toBe(100);
    expect(valuesWith(sample.column(1), 'cust')).toHaveLength(rows);
  });
});

describe('the rows of a sample that have a word', () => {
  const words = [['oslo', 'ada'], ['ada'], [], ['zoë', 'ada', '\u{1f600}', '\uffee']];
  const { words: all, having } = sampleOf(
    100,
    words.map((some, id) => ({ values: [id], words: some })),
  );

  test('are found for each word, the first and the last included', () => {
    expect(all).toHaveLength(5);
    for (const word of all)
      expect([word, ...having(word)]).toEqual([
        word,
        ...words.flatMap((some, i) => (some.includes(word) ? [i] : [])),
      ]);
  });

  test('are none for any other word', () => {
    for (const word of ['', 'a', 'adam', 'oslo ', '\u{1f601}', '\uffff'])
      expect([...having(word)]).toEqual([]);
    expect([...sampleOf(0, []).having('ada')]).toEqual([]);
  });
});

describe('the share of rows that are not stored in an order', () => {
  const draw = random(1);
  const blocks = 50_000;
  /** In the order of column 1, of a table in which a row lies at `place` (0 to 1) if it is at `order` (0 to 1). */
  const scattered = (place: (order: number) => number | undefined) => {
    const drawn = Array.from({ length: rows }, (_, id) => {
      const part = place(id / rows);
      return {
        values: [id, `${10_000 + id}`],
        words: [],
        ...(part !== undefined && { block: part * blocks }),
      };
    });
    return sampleOf(100 * rows, drawn, new Map(), blocks).scattered(1);
  };
  const anywhere = () => draw.int(0, 1_000) / 1_000;

  test('is that of the rows that were moved, in either direction of the order', () => {
    expect(scattered((order) => order)).toBe(0);
    expect(scattered((order) => 1 - order)).toBe(0);
    expect(scattered((order) => (draw.chance(0.1) ? anywhere() : order))).toBeWithin(0.08, 0.12);
  });

  test('is 1 if each row lies anywhere within a third of the table, or in an unknown place', () => {
    expect(scattered((order) => order * 0.7 + 0.3 * anywhere())).toBe(1);
    expect(scattered(() => undefined)).toBe(1);
  });
});
