import { describe, expect, test } from 'bun:test';
import { customers } from '../../../src/optimized/columns.ts';
import type { Condition } from '../../../src/optimized/listing/conditions.ts';
import { columnOf } from '../../../src/optimized/listing/listing.ts';
import { collected, costs, type Path, paths } from '../../../src/optimized/listing/paths.ts';
import { type Outlook, type Survey, sampleOf } from '../../../src/optimized/listing/sample.ts';
import { sql } from '../../../src/optimized/listing/sql.ts';

const total = 1_000_000;

/** A condition that so many rows pass, of which the dictionary has so many values. */
interface Known {
  name: string;
  rows: number;
  values?: number;
  isFindable?: boolean;
}

const conditionOf = ({ name, values, isFindable = true }: Known): Condition => ({
  parameters: [name],
  test: () => sql`true`,
  find: isFindable ? () => [] : null,
  ...(values && { lookedUp: [columnOf(customers, 'city')] }),
});

function surveyOf(known: Known[]): Survey {
  const of = (parameters: readonly string[]) => known.filter(({ name }) => parameters.includes(name));
  return {
    sample: sampleOf(total, []),
    passing: (parameters) => of(parameters).reduce((left, { rows }) => (left * rows) / total, total),
    different: (parameters) => of(parameters).reduce((sum, { values = 0 }) => sum + values, 0),
    matches: () => ({ mask: new Uint8Array(), count: 0 }),
  };
}

/** The access paths where so many rows are read until the page is full. */
function chosen(
  known: Known[],
  distance: number,
  clustered = false,
  skipped: Outlook['skipped'] = null,
): Path[] {
  const ahead: Outlook = { distance: () => distance, skipped };
  return paths({ conditions: known.map(conditionOf), seen: surveyOf(known), ahead, wanted: 21, clustered });
}

const namesOf = (some: Path[]) =>
  some.map((path) => (path.name === 'collect' && path.byBucket ? 'buckets' : path.name));

describe('access paths', () => {
  test('walk where there is no condition, to the end', () => {
    expect(chosen([], total)).toEqual([{ name: 'walk', budget: null }]);
  });

  test('collect what few rows pass, by the rarest condition alone', () => {
    const found = chosen(
      [
        { name: 'rare', rows: 50 },
        { name: 'frequent', rows: 300_000 },
      ],
      total,
    );
    expect(namesOf(found)).toEqual(['collect']);
    expect(found[0]).toMatchObject({ found: [{ parameters: ['rare'] }] });
  });

  test('merge two frequent conditions that few rows pass together', () => {
    const two = [
      { name: 'one', rows: 20_000 },
      { name: 'other', rows: 20_000 },
    ];
    expect(chosen(two, total)[0]).toMatchObject({ found: [{}, {}] });
  });

  test('walk where many rows pass, and bound what the walk takes in vain by what follows it', () => {
    const found = chosen([{ name: 'frequent', rows: 300_000 }], 70);
    expect(namesOf(found)).toEqual(['walk', 'buckets']);
    const { budget } = found[0] as { budget: number };
    expect(budget).toBeGreaterThanOrEqual(4 * 70);
    expect(budget * costs.walked.scattered).toBeLessThan(20_000);
  });

  test('take bucket by bucket what is too much to collect and too far to walk to', () => {
    expect(namesOf(chosen([{ name: 'some', rows: 30_000 }], 20_000, true))).toEqual(['buckets']);
  });

  test('ask no index for a condition of very many values', () => {
    expect(namesOf(chosen([{ name: 'city', rows: 100_000, values: 20 }], 210, true))).toEqual([
      'walk',
      'buckets',
    ]);
    expect(namesOf(chosen([{ name: 'city', rows: 100_000, values: 3_000 }], 210, true))).toEqual([
      'walk',
      'scan',
    ]);
    expect(
      collected(
        [conditionOf({ name: 'city', rows: 0, values: 1 })],
        surveyOf([{ name: 'city', rows: 100_000, values: 3_000 }]),
      ),
    ).toEqual({ found: [], cost: total * costs.scanned });
  });

  test('scan where no index finds what is rare, and skip what a range excludes', () => {
    const rare = { name: 'rare', rows: 50, isFindable: false };
    expect(namesOf(chosen([rare], total))).toEqual(['scan']);
    const ranged = {
      ...conditionOf(rare),
      range: { column: columnOf(customers, 'points'), from: 1, to: null },
    };
    const ahead: Outlook = { distance: () => total, skipped: { key: ['2024-01-01'], id: 1 } };
    const found = paths({ conditions: [ranged], seen: surveyOf([rare]), ahead, wanted: 21, clustered: true });
    expect(found).toMatchObject([
      { name: 'scan', skips: true },
      { name: 'scan', skips: false },
    ]);
  });
});
