import type { Check, Setting } from './check.ts';
import { mixedLoad, seedLoad } from './load.ts';
import { startTime } from './start.ts';
import { writes } from './writes.ts';

interface Checking {
  name: string;
  /** Whether it asks requests of every shape, whatever shapes are measured on their own. */
  ofAllShapes: boolean;
  make: (setting: Setting) => Promise<Check[]>;
}

// The writes come last: where they are interrupted, the databases are made anew.
const all: Checking[] = [
  { name: 'start: to the first answer', ofAllShapes: false, make: startTime },
  { name: 'load: mixed, memory', ofAllShapes: true, make: mixedLoad },
  { name: "load: the seed document's scenario", ofAllShapes: false, make: seedLoad },
  { name: 'writes: creates', ofAllShapes: false, make: writes },
];

/** The rows beside the shapes that have `only` in their names. */
export const checksNamed = (only: string): Checking[] => all.filter(({ name }) => name.includes(only));
