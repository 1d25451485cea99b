import { describe, expect, test } from 'bun:test';
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

  test('are not all counted if they are frequent', () => {
    expect(sample.containing(1, 'cust')).toBe(rows / 8);
    expect(valuesWith(sample.column(1), 'cust')).toHaveLength(rows);
  });
});
