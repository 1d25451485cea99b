import type { Check, Setting } from './check.ts';
import { coldStart } from './cold.ts';
import { countsBeside } from './counts.ts';
import { diskSpace } from './disk.ts';
import { mixedLoad, seedLoad } from './load.ts';
import { startTime } from './start.ts';
import { writes } from './writes.ts';

interface Checking {
  name: string;
  /** Whether it asks requests of every shape, whatever shapes are measured on their own. */
  ofAllShapes: boolean;
  /** Whether it disturbs what else is on the machine, and is made only when asked for. */
  disturbs?: boolean;
  make: (setting: Setting) => Promise<Check[]>;
}

// The writes come last: where they are interrupted, the databases are made anew.
const all: Checking[] = [
  { name: 'disk: all of the database', ofAllShapes: false, make: diskSpace },
  { name: 'start: to the first answer', ofAllShapes: false, make: startTime },
  { name: 'load: mixed, memory', ofAllShapes: true, make: mixedLoad },
  { name: "load: the seed document's scenario", ofAllShapes: false, make: seedLoad },
  { name: 'cold: the first requests', ofAllShapes: true, disturbs: true, make: coldStart },
  { name: 'counts: exact ones of nearly everything', ofAllShapes: true, make: countsBeside },
  { name: 'writes: creates', ofAllShapes: false, make: writes },
];

/** The rows beside the shapes that have `only` in their names; those that disturb others where `cold` is set. */
export const checksNamed = (only: string, cold: boolean): Checking[] =>
  all.filter(({ name, disturbs = false }) => name.includes(only) && (cold || !disturbs));
