import type { Condition } from '../../src/optimized/listing/conditions.ts';
import { endless, type Narrowed, type Path, type paths } from '../../src/optimized/listing/paths.ts';

// The answers must not depend on the access path that the server chooses. These are all that it can choose, for any
// conditions.

const scan: Path = { name: 'scan', narrowed: null };

/** All conditions that one lookup in the inverted index can have. */
function everything(conditions: readonly Condition[]): Condition[] {
  const able = conditions.filter(({ find }) => find !== null);
  const plain = able.filter(({ hasAlternatives }) => !hasAlternatives);
  return [...plain, ...able.filter(({ hasAlternatives }) => hasAlternatives).slice(0, 1)];
}

/** The first range that another condition narrows. */
function narrowedBy(conditions: readonly Condition[]): Narrowed | null {
  for (const { range } of conditions) {
    const by = conditions.find(({ zones }) => range && zones?.columns.includes(range.column.name));
    if (range?.isSorted && by) return { range, by };
  }
  return null;
}

const collected =
  (byBucket: boolean): typeof paths =>
  ({ conditions }) => {
    const found = everything(conditions);
    return found.length > 0 ? [{ name: 'collect', found, byBucket, budget: null }] : [scan];
  };

export const choices: Record<string, typeof paths> = {
  'walking a few rows, then scanning': () => [{ name: 'walk', budget: 7 }, scan],
  'walking on to a few rows without a value, then scanning': () => [
    { name: 'walk', budget: 7, reachesNulls: true },
    scan,
  ],
  'walking a few keys, then scanning': ({ keys }) => [{ name: 'walk', budget: 7, keys }, scan],
  'walking the keys to the end': ({ keys }) => [{ name: 'walk', budget: endless, reachesNulls: true, keys }],
  scanning: () => [scan],
  'scanning what a range leaves': ({ conditions }) => {
    const range = conditions.find((one) => one.range?.isSorted)?.range;
    return [{ name: 'scan', narrowed: range ? { range, by: null } : null }];
  },
  'scanning what a range and the zone map leave': ({ conditions }) => [
    { name: 'scan', narrowed: narrowedBy(conditions) },
  ],
  'asking the inverted index at once': collected(false),
  'asking the inverted index bucket by bucket': collected(true),
  'asking the inverted index for a few buckets, then at once': (task) => [
    ...collected(true)(task).map((path) => (path.name === 'collect' ? { ...path, budget: 2 } : path)),
    ...collected(false)(task),
  ],
  'asking the inverted index bucket by bucket without any time for it, then at once': (task) => [
    ...collected(true)(task).map((path) => (path.name === 'collect' ? { ...path, limit: 0 } : path)),
    ...collected(false)(task),
  ],
  'walking a few rows, then bucket by bucket': (task) => [
    { name: 'walk', budget: 7 },
    ...collected(true)(task),
  ],
};
