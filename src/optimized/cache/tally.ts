import type { Source } from './cache.ts';
import type { Teller } from './log.ts';

// Counts what a cache does.

/** Why an entry was not used: a known change, one of unknown extent, its age, or a gap in the known changes. */
export type Cause = Teller | 'everything' | 'expired' | 'lost';

/** The counts of a cache; reading them costs more than counting. */
export interface Tally {
  sources: Record<Source, number>;
  causes: Record<Cause, number>;
  served(from: Source): Source;
  dropped(cause: Cause): false;
}

export function createTally(): Tally {
  const sources = { local: 0, redis: 0, joined: 0, origin: 0, off: 0 };
  const causes = { here: 0, server: 0, database: 0, everything: 0, expired: 0, lost: 0 };
  return {
    sources,
    causes,
    served(from) {
      sources[from] += 1;
      return from;
    },
    dropped(cause) {
      causes[cause] += 1;
      return false;
    },
  };
}
