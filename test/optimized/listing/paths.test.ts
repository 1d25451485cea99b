import { describe, expect, test } from 'bun:test';
import { customers } from '../../../src/optimized/columns.ts';
import { none } from '../../../src/optimized/listing/bits.ts';
import type { Condition } from '../../../src/optimized/listing/conditions.ts';
import {
  asking,
  buckets,
  collected,
  costs,
  ranking,
  testing,
  walking,
} from '../../../src/optimized/listing/costs.ts';
import { type Column, columnOf } from '../../../src/optimized/listing/listing.ts';
import type { Outlook } from '../../../src/optimized/listing/outlook.ts';
import { type Collect, type Path, paths } from '../../../src/optimized/listing/paths.ts';
import { sampleOf, usualRows } from '../../../src/optimized/listing/sample.ts';
import { sql } from '../../../src/optimized/listing/sql.ts';
import type { Survey } from '../../../src/optimized/listing/survey.ts';

const total = 1_000_000;
const first = columnOf(customers, 'points');
/** A page of a list without a condition on the columns of its order. */
const plain = { bounds: [], keys: [], first, rows: 21 };
/** µs that a scan takes */
const whole = testing(total, sampleOf(total, []));

/** A condition: the number of rows that pass it, and of its values in the dictionary. */
interface Known {
  name: string;
  rows: number;
  values?: number;
  isFindable?: boolean;
  isPrefix?: boolean;
  /** its values can be looked up in batches */
  hasList?: boolean;
  /** the number of its rows within the ranges that the zone map has for another condition */
  spanned?: number;
}

const conditionOf = ({
  name,
  values,
  isFindable = true,
  isPrefix = false,
  hasList = false,
}: Known): Condition => ({
  parameters: [name],
  mergesPrefix: isPrefix,
  test: () => sql`true`,
  find: isFindable ? () => [] : null,
  ...(values && { lookedUp: [columnOf(customers, 'city')] }),
  ...(hasList && { values: { column: columnOf(customers, 'city'), list: () => sql``, tags: () => sql`` } }),
});

/** `scattered`: the share of rows that are not stored in any order. */
function surveyOf(known: Known[], scattered = 1): Survey {
  const of = (parameters: readonly string[]) => known.filter(({ name }) => parameters.includes(name));
  const passing: Survey['passing'] = (parameters) =>
    of(parameters).reduce((left, { rows }) => (left * rows) / total, total);
  return {
    ...{
      sample: { ...sampleOf(total, []), scattered: () => scattered },
      passing,
      entries: (of) => [passing(of)],
    },
    spanned: (_, { parameters }) => of(parameters)[0]!.spanned ?? total,
    different(parameters) {
      const values = of(parameters).reduce((sum, one) => sum + (one.values ?? 0), 0);
      return { likely: values, most: values };
    },
    matches: () => ({ rows: none(0), count: 0 }),
    dilution: 1,
  };
}

/** The access paths if `distance` rows are read until the page is full, and `even` rows if matches are spread evenly. */
function chosen(known: Known[], distance: number, scattered = 1, even = distance): Path[] {
  const ahead: Outlook = { wanted: 20, distance, even, dense: 0, isFar: false, isNull: false };
  const conditions = known.map(conditionOf);
  return paths({
    conditions,
    ...plain,
    seen: surveyOf(known, scattered),
    ahead,
  });
}

const namesOf = (some: Path[]) =>
  some.map((path) => (path.name === 'collect' && path.byBucket ? 'buckets' : path.name));

describe('access paths', () => {
  test('walk without a budget if there is no condition', () => {
    expect(chosen([], total)).toEqual([{ name: 'walk', budget: null }]);
  });

  test('collect few matches by the rarest condition alone', () => {
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

  test('collect by a word rather than by a number in very many values, even if fewer rows have the number', () => {
    const number = { name: 'number', rows: 30_000, values: 3_000 };
    const found = chosen([number, { name: 'word', rows: 40_000 }], total);
    expect(namesOf(found)).toEqual(['collect']);
    expect(found[0]).toMatchObject({ found: [{ parameters: ['word'] }] });
  });

  test('intersect two frequent conditions that few rows pass together', () => {
    const two = [
      { name: 'one', rows: 20_000 },
      { name: 'other', rows: 20_000 },
    ];
    expect(chosen(two, total)[0]).toMatchObject({ found: [{}, {}] });
  });

  test('intersect a condition of many values with one of few, and look up the many in batches', () => {
    const few = { name: 'few', rows: 30_000, values: 1, hasList: true };
    const many = { name: 'many', rows: 35_000, values: 70, hasList: true };
    expect(chosen([few, many], total)[0]).toMatchObject({
      found: [{ parameters: ['many'] }, { parameters: ['few'] }],
    });
    const more = { name: 'more', rows: 40_000, values: 70, hasList: true };
    expect(chosen([more, many], total)[0]).toMatchObject({ found: [{ parameters: ['many'] }] });
  });

  test('walk if many rows pass, and bound a fruitless walk by the cost of the next path', () => {
    const found = chosen([{ name: 'frequent', rows: 900_000 }], 70);
    expect(namesOf(found)).toEqual(['walk', 'buckets', 'scan']);
    const { budget } = found[0] as { budget: number };
    expect(budget).toBeGreaterThanOrEqual(4 * 70);
    expect(budget * costs.walked.scattered).toBeLessThan(20_000);
  });

  test('read bucket by bucket if there is too much to collect and it is too far to walk', () => {
    const [first, ...rest] = chosen([{ name: 'some', rows: 30_000 }], 20_000, 0);
    expect(namesOf([first!, ...rest])).toEqual(['buckets', 'collect']);
    // If the matches lie elsewhere than in the sample, little more than the cost of collecting is lost.
    const { budget } = first as { budget: number };
    expect(budget).toBeGreaterThanOrEqual(4 * Math.ceil((20_000 * 256) / total));
    expect(budget).toBeLessThan(256);
  });

  test('try a few buckets if they cost little and matches may come late by chance', () => {
    const some = [{ name: 'some', rows: 12_000 }];
    const [first, ...rest] = chosen(some, total, 1, 2_000);
    expect(namesOf([first!, ...rest])).toEqual(['buckets', 'collect']);
    expect((first as { budget: number }).budget).toBe(4);
    expect(first!.cost!).toBeLessThan(rest[0]!.cost! / 4);
    expect(namesOf(chosen(some, total, 1, total))).toEqual(['collect']);
    expect(namesOf(chosen([{ name: 'few', rows: 20 }], total, 1, 20_000))).toEqual(['collect']);
  });

  test('read buckets for words if the first ones are rare, however frequent the last one is', () => {
    const words = ['one', 'other'].map((name) => ({ name, rows: 50_000 }));
    const costOf = (known: Known[]) =>
      chosen(known, 12_000).find((path) => namesOf([path])[0] === 'buckets')!.cost!;
    // Only the first word is read side by side with the bucket. The two share few rows, so little of the third list is read.
    const third = { name: 'third', rows: 400_000 };
    expect(costOf([...words, third])).toBeLessThan(1.5 * costOf(words));
  });

  test('read no bucket for a range within one bucket if a B-tree has its rows', () => {
    const rows = { name: 'range', rows: 1_000 };
    const range = { column: columnOf(customers, 'last_updated'), from: null, to: 'then', isSorted: true };
    const ahead: Outlook = {
      wanted: 20,
      distance: 50_000,
      even: 50_000,
      dense: 0,
      isFar: true,
      isNull: false,
    };
    const inRange = (of: Partial<typeof range>) => [{ ...conditionOf(rows), range: { ...range, ...of } }];
    const task = { ...plain, seen: surveyOf([rows]), ahead };
    expect(namesOf(paths({ ...task, conditions: inRange({}) }))).toEqual(['scan']);
    expect(namesOf(paths({ ...task, conditions: inRange({ isSorted: false }) }))[0]).not.toBe('scan');
  });

  test('end the buckets in time if each takes longer than expected, even if all of them may be read', () => {
    const [buckets, last] = chosen([{ name: 'many', rows: 80_000 }], 300_000, 0) as [
      Extract<Path, { name: 'collect' }>,
      Path,
    ];
    expect(namesOf([buckets, last])).toEqual(['buckets', 'collect']);
    expect(buckets.budget).toBeNull();
    expect(buckets.limit).toBe(2 * last.cost!);
  });

  test('expect the bucket that fills the page to be full of matches if they lie in clusters', () => {
    const known = [{ name: 'some', rows: 50_000 }];
    const costOf = (dense: number, tested?: Column) => {
      const ahead: Outlook = { wanted: 20, distance: 40_000, even: 400, dense, isFar: true, isNull: false };
      const conditions = known.map((one) => ({ ...conditionOf(one), ...(tested && { tested }) }));
      const task = {
        conditions,
        ...plain,
        seen: surveyOf(known),
        ahead,
      };
      return paths(task).find((path) => namesOf([path])[0] === 'buckets')!.cost!;
    };
    expect(costOf(3_000) - costOf(0)).toBeWithin(
      1_000 * costs.scanned,
      3_000 * (costs.block + costs.scanned),
    );
    expect(costOf(0, columnOf(customers, 'city'))).toBe(costOf(0));
    expect(costOf(0, first)).toBeGreaterThan(costOf(3_000));
  });

  test('expect to search a long list for each row of a bucket that was moved away from the others', () => {
    const known = [{ name: 'some', rows: 500_000 }];
    const costOf = (scattered: number) =>
      asking(known.map(conditionOf), surveyOf(known), { rows: total / buckets, scattered });
    expect(costOf(0)).toBeLessThan(costOf(0.01));
    expect(costOf(0.01)).toBeLessThan(costOf(0.1));
    expect(costOf(0.1)).toBeLessThan(costOf(1));
  });

  test('use no index for a condition of very many values', () => {
    expect(namesOf(chosen([{ name: 'city', rows: 120_000, values: 20 }], 210, 0))).toEqual([
      'walk',
      'buckets',
      'collect',
    ]);
    expect(namesOf(chosen([{ name: 'city', rows: 120_000, values: 100_000 }], 210, 0))).toEqual([
      'walk',
      'scan',
    ]);
    expect(
      collected(
        [conditionOf({ name: 'city', rows: 0, values: 1 })],
        surveyOf([{ name: 'city', rows: 100_000, values: 3_000 }]),
      ),
    ).toEqual({ found: [], cost: whole });
  });

  test('scan if no index finds the few matches', () => {
    expect(namesOf(chosen([{ name: 'rare', rows: 50, isFindable: false }], total))).toEqual(['scan']);
  });

  test('scan only the rows that a range and the zone map leave', () => {
    const known = [
      { name: 'after', rows: 900_000, isFindable: false },
      { name: 'before', rows: 900_000, isFindable: false, spanned: 4_000 },
    ];
    const range = { column: columnOf(customers, 'last_updated'), from: null, to: 'then', isSorted: true };
    const [after, before] = known.map(conditionOf) as [Condition, Condition];
    const conditions = [
      { ...after, zones: { columns: ['last_updated'], tags: () => sql`array[1]` } },
      { ...before, range },
    ];
    const ahead: Outlook = { wanted: 20, distance: total, even: total, dense: 0, isFar: true, isNull: false };
    const task = {
      conditions,
      ...plain,
      seen: surveyOf(known),
      ahead,
    };
    expect(paths(task)).toMatchObject([{ name: 'scan', narrowed: { range, by: { parameters: ['after'] } } }]);
    const unzoned = conditions.map(({ zones, ...rest }) => rest as Condition);
    expect(paths({ ...task, conditions: unzoned })).toEqual([{ name: 'scan', narrowed: null, cost: whole }]);
  });

  test('scan only the rows of a range if they lie together on disk', () => {
    const after = { name: 'after', rows: 750_000, isFindable: false };
    const column = columnOf(customers, 'created');
    const range = { column, from: 'then', to: null, isSorted: true };
    const seen = surveyOf([after]);
    const conditions = [{ ...conditionOf(after), range }];
    const ahead: Outlook = { wanted: 20, distance: total, even: total, dense: 0, isFar: true, isNull: false };
    const task = { conditions, ...plain, seen, ahead };
    expect(paths(task)).toEqual([{ name: 'scan', narrowed: null, cost: whole }]);
    const together = { ...seen, sample: { ...seen.sample, scattered: () => 0 } };
    expect(paths({ ...task, seen: together })).toEqual([
      { name: 'scan', narrowed: { range, by: null }, cost: 750_000 * costs.walked.clustered },
    ]);
  });

  test('expect to read every row with the words of a phrase, far into a list, if most lack them side by side', () => {
    const words = { name: 'words', rows: 100_000 };
    const ahead: Outlook = {
      wanted: 2_000,
      distance: total,
      even: total,
      dense: 0,
      isFar: true,
      isNull: false,
    };
    const conditions = [conditionOf(words)];
    const seen = surveyOf([words], 0);
    const task = { conditions, ...plain, seen, ahead };
    expect(namesOf(paths(task))).toEqual(['buckets', 'collect']);
    expect(namesOf(paths({ ...task, seen: { ...seen, dilution: 32 } }))).toEqual(['collect']);
  });

  test('merge the posting lists of a prefix at most once, never bucket by bucket', () => {
    const prefix = { name: 'prefix', rows: 100_000, isPrefix: true };
    expect(namesOf(chosen([{ ...prefix, isPrefix: false }], 30_000, 0))).toEqual(['buckets', 'collect']);
    expect(namesOf(chosen([prefix], 30_000, 0))).toEqual(['walk', 'collect']);
    const [first] = chosen([prefix, { name: 'other', rows: 30_000 }], 20_000, 0);
    expect(first).toMatchObject({ byBucket: true, found: [{ parameters: ['other'] }] });
  });

  test('also collect by a condition that bounds the order, without a fruitless walk', () => {
    const [rare, wide] = [
      { name: 'rare', rows: 300 },
      { name: 'wide', rows: 900_000, isFindable: false },
    ].map(conditionOf) as [Condition, Condition];
    const seen = surveyOf([
      { name: 'rare', rows: 300 },
      { name: 'wide', rows: 900_000 },
    ]);
    const ahead: Outlook = {
      wanted: 20,
      distance: 100_000,
      even: 100_000,
      dense: 0,
      isFar: true,
      isNull: false,
    };
    const task = {
      conditions: [rare, wide],
      ...plain,
      bounds: [rare],
      seen,
      ahead,
    };
    expect(paths(task)).toMatchObject([{ name: 'collect', byBucket: false, found: [rare] }]);
  });

  test('also read the buckets of values if those come first and have no rows', () => {
    const known = [{ name: 'word', rows: 20_000 }];
    const task = {
      conditions: known.map(conditionOf),
      ...plain,
      seen: surveyOf(known),
    };
    const firstOf = (isNull: boolean) => {
      const ahead: Outlook = { wanted: 20, distance: 20_000, even: 20_000, dense: 0, isFar: true, isNull };
      const [path] = paths({ ...task, ahead });
      return path as Path & Collect;
    };
    expect(firstOf(false)).toMatchObject({ byBucket: true, budget: expect.any(Number) });
    expect(firstOf(true)).toMatchObject({ byBucket: true, budget: firstOf(false).budget! + buckets });
    expect(firstOf(true).cost! - firstOf(false).cost!).toBeCloseTo(buckets * costs.asked);
  });

  test('have a budget if no row lies within the bounds', () => {
    const found = chosen([{ name: 'wide', rows: 900_000, isFindable: false }], 0);
    expect(namesOf(found)).toEqual(['walk', 'scan']);
    expect((found[0] as { budget: number }).budget).toBeWithin(1, total);
  });

  describe('of the keys of an order', () => {
    const city = { name: 'city', rows: 5_000, isFindable: false };
    const other = { name: 'other', rows: 500_000, isFindable: false };
    /** The access paths if `keys` test a column of the order, and `distance` rows are read until the page is full. */
    const chosenBy = (known: Known[], keys: string[], distance: number, wanted = 21, even = distance) => {
      const conditions = known.map((one) => ({
        ...conditionOf(one),
        ...(keys.includes(one.name) && { tested: first }),
      }));
      const ahead: Outlook = { wanted, distance, even, dense: 0, isFar: false, isNull: false };
      const tested = conditions.filter(({ parameters: [name] }) => keys.includes(name!));
      return paths({ ...plain, conditions, keys: tested, seen: surveyOf(known), ahead });
    };

    test('test a condition on the keys if few of them pass', () => {
      expect(chosenBy([city], ['city'], 4_000)[0]).toMatchObject({ keys: [{ parameters: ['city'] }] });
      expect(chosenBy([city], [], 4_000)[0]).not.toHaveProperty('keys');
      expect(chosenBy([city, other], ['city'], 4_000)[0]).toMatchObject({
        keys: [{ parameters: ['city'] }],
      });
    });

    test('read the rows if most keys pass and other conditions need them', () => {
      const most = { ...city, rows: 800_000 };
      expect(chosenBy([most, other], ['city'], 300)[0]).not.toHaveProperty('keys');
    });

    test('are tried before the rows are collected, because small clusters of matches are in no sample', () => {
      const part = { ...city, rows: 100_000, isFindable: true };
      const [tried, ...rest] = chosenBy([part], ['city'], 900_000, 21, 210);
      expect(tried).toMatchObject({ name: 'walk', keys: [{}] });
      expect(namesOf(rest)).toEqual(['collect']);
      expect(tried!.cost!).toBeLessThan(rest[0]!.cost! / 3);
      expect(namesOf(chosenBy([part], [], 900_000, 21, 210))[0]).not.toBe('walk');
      // Not if even matches that are spread evenly would come later.
      expect(namesOf(chosenBy([part], ['city'], 900_000, 21, 90_000))[0]).not.toBe('walk');
    });

    test('walk farther, since a key costs less than a row', () => {
      const budgetOf = ([path]: Path[]) => (path as { budget: number }).budget;
      const known = [{ ...city, rows: 50_000 }];
      expect(budgetOf(chosenBy(known, ['city'], 1_000))).toBeGreaterThan(
        2 * budgetOf(chosenBy(known, [], 1_000)),
      );
    });

    test('skip keys instead of rows on a page by number, and read rows at once on a first page', () => {
      expect(chosenBy([], [], 0, 9_021)).toEqual([{ name: 'walk', budget: null, keys: [] }]);
      expect(chosenBy([], [], 0, 21)).toEqual([{ name: 'walk', budget: null }]);
    });
  });

  test('read nothing if no row can pass', () => {
    const never = { ...conditionOf({ name: 'never', rows: 0, isFindable: false }), never: true };
    const ahead: Outlook = { wanted: 20, distance: total, even: total, dense: 0, isFar: true, isNull: false };
    const task = {
      conditions: [never],
      ...plain,
      seen: surveyOf([]),
      ahead,
    };
    expect(paths(task)).toEqual([{ name: 'walk', budget: null }]);
  });

  test('cost more if rows are long, and no less if they are short', () => {
    const seenIn = (blocks: number): Survey => ({
      ...surveyOf([{ name: 'word', rows: 20_000 }]),
      sample: sampleOf(total, [], new Map(), blocks),
    });
    const [short, usual, long] = [total / 100, total / usualRows, total / 2].map(seenIn) as [
      Survey,
      Survey,
      Survey,
    ];
    const costIn = (seen: Survey) =>
      collected([conditionOf({ name: 'none', rows: 0, isFindable: false })], seen).cost;
    expect(costIn(usual)).toBe(whole);
    expect(costIn(short)).toBe(whole);
    expect(costIn(long)).toBe(8 * whole);
    expect(ranking(10, long.sample)).toBe(8 * ranking(10, usual.sample));
    expect(walking(10, long.sample, 0)).toBe(8 * walking(10, usual.sample, 0));
    const frequent = conditionOf({ name: 'word', rows: 0 });
    expect(collected([frequent], long).cost / whole).toBeLessThan(1);
    // The index is used for more rows if a scan of the table takes longer.
    const many = { name: 'many', rows: 760_000 };
    const foundIn = ({ sample }: Survey) =>
      collected([conditionOf(many)], { ...surveyOf([many]), sample }).found.length;
    expect([usual, long].map(foundIn)).toEqual([0, 1]);
  });
});
