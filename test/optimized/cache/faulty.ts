import type { CacheParts } from '../../../src/optimized/cache/cache.ts';
import { start } from '../../../src/optimized/main.ts';

// The optimized server with a cache that is broken on purpose, in the way that FAULT names.

const faults: Record<string, (parts: CacheParts) => CacheParts> = {
  /** One change in seven is ignored, whichever source reports it. */
  'skips a change': ({ log, ...parts }) => ({
    ...parts,
    log: {
      ...log,
      add: (changes, by) =>
        log.add(
          changes.filter(({ id }) => id % 7 !== 0),
          by,
        ),
    },
  }),
  /** A change that is reported while a page is read counts as seen by it. */
  'stores after a write': ({ log, ...parts }) => ({
    ...parts,
    log: { ...log, find: (from, snapshot, concerns) => log.find(from + 2, snapshot, concerns) },
  }),
  /** The cache goes on using its own entries, however long no source has reported. */
  'ignores the silence': ({ remote, follower, ...parts }) => ({
    ...parts,
    remote: remote && { ...remote, alive: () => true },
    follower: follower && { ...follower, alive: () => true },
  }),
};

const fault = faults[process.env.FAULT ?? ''];
if (!fault) throw new Error(`FAULT is one of ${Object.keys(faults).join(', ')}.`);
await start(fault);
