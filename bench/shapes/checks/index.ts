import type { Check, Setting } from './check.ts';
import { coldStart } from './cold.ts';
import { countsBeside } from './counts.ts';
import { diskSpace } from './disk.ts';
import { mixedLoad, seedLoad } from './load.ts';
import { startTime } from './start.ts';
import { writes } from './writes.ts';

interface Checking {
  name: string;
  /** Whether it sends requests of every shape, whichever shapes are measured on their own. */
  ofAllShapes: boolean;
  /** Whether it disturbs other programs on the machine, and therefore runs only on request. */
  disturbs?: boolean;
  make: (setting: Setting) => Promise<Check[]>;
}

// The writes come last: if they are interrupted, the databases are rebuilt.
const all: Checking[] = [
  { name: 'disk: all of the database', ofAllShapes: false, make: diskSpace },
  { name: 'start: to the first answer', ofAllShapes: false, make: startTime },
  { name: 'load: mixed, memory', ofAllShapes: true, make: mixedLoad },
  { name: "load: the seed document's scenario", ofAllShapes: false, make: seedLoad },
  { name: 'cold: the first requests', ofAllShapes: true, disturbs: true, make: coldStart },
  { name: 'counts: exact ones of nearly everything', ofAllShapes: true, make: countsBeside },
  { name: 'writes: creates', ofAllShapes: false, make: writes },
];

/** The checks that have `only` in their names; those that disturb other programs only if `cold` is set. */
export const checksNamed = (only: string, cold: boolean): Checking[] =>
  all.filter(({ name, disturbs = false }) => name.includes(only) && (cold || !disturbs));
