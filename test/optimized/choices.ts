import type { Condition } from '../../src/optimized/listing/conditions.ts';
import type { Path, paths } from '../../src/optimized/listing/paths.ts';

// The answers must not depend on the access path that the server chooses. Here are all that it can choose, whatever the
// conditions.

const scan: Path = { name: 'scan' };

/** Everything that the inverted index can be asked for. */
function everything(conditions: readonly Condition[]): Condition[] {
  const able = conditions.filter(({ find }) => find !== null);
  const plain = able.filter(({ hasAlternatives }) => !hasAlternatives);
  return [...plain, ...able.filter(({ hasAlternatives }) => hasAlternatives).slice(0, 1)];
}

const collected =
  (byBucket: boolean): typeof paths =>
  ({ conditions }) => {
    const found = everything(conditions);
    return found.length > 0 ? [{ name: 'collect', found, byBucket }] : [scan];
  };

export const choices: Record<string, typeof paths> = {
  'walking a few rows, then scanning': () => [{ name: 'walk', budget: 7 }, scan],
  scanning: () => [scan],
  'asking the inverted index at once': collected(false),
  'asking the inverted index bucket by bucket': collected(true),
  'walking a few rows, then bucket by bucket': (task) => [
    { name: 'walk', budget: 7 },
    ...collected(true)(task),
  ],
};
