import { availableParallelism } from 'node:os';
import { type OnProgress, type Steps, showProgress } from '../cli/progress.ts';
import { bringUp } from '../migrate/migrate.ts';
import type { Kind } from '../migrate/state.ts';
import { connected, lockFor, type Server, type Sql } from '../server/connection.ts';
import { build } from './build.ts';
import { inWords } from './databases.ts';
import { contentsOf, type Decision, decide, nameOf, templateFor, type Wanted } from './decide.ts';
import type { ProfileName } from './profiles/index.ts';

export type { OnProgress } from '../cli/progress.ts';
export { checksum } from './checksum.ts';
export { SeedError } from './decide.ts';
export { type Pools, pools } from './pools.ts';
export type { ProfileName } from './profiles/index.ts';

export interface SeedOptions {
  services: { postgres: Server };
  /** Base name: `<db>_naive` and `<db>_optimized` are filled. */
  db: string;
  customers: number;
  /** Their profile; `default` if not given. */
  data?: ProfileName;
  /** 0 to 2^32 - 1, 1 if not given. The same seed gives the same rows. */
  seed?: number;
  /** Threads; the number of processors if not given. */
  workers?: number;
  /** Both if not given. */
  only?: Kind;
  /** Replace whatever differs, including rows written since: for benchmarks, tests and `--force`. */
  replace?: boolean;
  /** Called with every step. Without it progress is shown on standard error, unless `quiet`. */
  onProgress?: OnProgress;
  quiet?: boolean;
}

export interface Seeded {
  kind: Kind;
  name: string;
  /** False if the rows were there already. */
  seeded: boolean;
  seconds: number;
  steps: Steps;
}

/**
 * Fills the naive, the optimized or both databases with the same rows. Skips a complete database, rebuilds an interrupted
 * one, and migrates one that has the rows and an older schema. Replaces any other contents only with `replace`.
 * @throws SeedError for other contents without `replace`; PostgreSQL errors unchanged
 */
export async function ensureSeeded(options: SeedOptions): Promise<{ seeded: boolean; databases: Seeded[] }> {
  const { services, db, customers, data = 'default', seed = 1, replace = false } = options;
  const { workers = availableParallelism() } = options;
  const wanted: Wanted = { server: services.postgres, db, customers, data, seed, replace };
  const kinds: Kind[] = options.only ? [options.only] : ['naive', 'optimized'];
  const shown = options.quiet || options.onProgress ? null : showProgress();
  const onProgress = options.onProgress ?? shown?.onProgress ?? (() => {});

  const run = async (admin: Sql) => {
    // Concurrent runs would drop each other's databases.
    await lockFor(admin, `seed ${db}`, () =>
      onProgress({ kind: 'note', text: 'waiting for another run that fills the same databases' }),
    );
    // Decides on all before it builds the first: an error about the second must not come after minutes.
    const decisions: { kind: Kind; decision: Decision }[] = [];
    for (const kind of kinds) decisions.push({ kind, decision: await decide(admin, kind, wanted) });

    const databases: Seeded[] = [];
    for (const { kind, decision } of decisions) {
      const began = performance.now();
      const name = nameOf(db, kind);
      let steps: Steps = [];
      if (decision === 'skip') {
        onProgress({
          kind: 'note',
          text: `${name}: complete already, ${inWords(wanted)}`,
        });
      } else if (decision === 'migrate') {
        steps = await bringUp(services.postgres, kind, name, onProgress);
      } else {
        const template = kind === 'optimized' ? await templateFor(admin, wanted) : null;
        const plan = { kind, name, contents: contentsOf(wanted), workers, template };
        steps = await build(admin, services.postgres, plan, onProgress);
      }
      const seconds = (performance.now() - began) / 1_000;
      databases.push({ kind, name, seeded: decision === 'build', seconds, steps });
    }
    return { seeded: databases.some((database) => database.seeded), databases };
  };

  try {
    return await connected({ ...services.postgres, database: 'postgres' }, run);
  } finally {
    shown?.stop();
  }
}
