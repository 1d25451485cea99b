import type { ProfileName } from '../../src/seed/index.ts';
import { connect } from '../../src/server/database.ts';
import { closedLoop } from '../client/closed-loop.ts';
import { call } from '../client/wire.ts';
import { listPath } from '../requests.ts';
import { type RunningServer, startServer } from '../servers.ts';
import { catalogue } from '../shapes/catalogue.ts';
import type { Shape } from '../shapes/shape.ts';
import { setStage } from '../stage.ts';
import { readVocabulary } from '../vocabulary.ts';

/** The servers on tables of one size, and the shapes with values drawn from them. */
export interface Size {
  customers: number;
  shapes: Map<string, Shape>;
  optimized: RunningServer;
  naive: RunningServer | null;
  stop: () => Promise<void>;
}

export interface Chosen {
  data: ProfileName;
  /** Substring of the shapes' names; undefined for all but the hard cases. */
  only: string | undefined;
  seed: number;
  naive: boolean;
  /** Seconds after which the naive server cancels a statement. */
  cutoff: number;
}

/** Fills the databases of one size if necessary, and starts both servers on them. */
export async function openSize(
  customers: number,
  { data, only, seed, naive: asked, cutoff }: Chosen,
): Promise<Size> {
  const { services, environment, db } = await setStage(customers, { data });
  const optimized = await startServer('optimized', { ...environment, CACHE: 'off' });
  const timeout = { STATEMENT_TIMEOUT: `${cutoff * 1000}` };
  const naive = asked ? await startServer('naive', { ...environment, ...timeout }) : null;
  // Warm-up: a new process is slow at first, which would count against the first shape.
  for (const server of [optimized, naive])
    if (server) await closedLoop(server.base, [call(listPath)], { users: 1, seconds: 1 });

  const sql = connect(services.postgres, `${db}_optimized`, { pool: 1, statementTimeout: 0 });
  const vocabulary = await readVocabulary(optimized.base, 1_000);
  const wanted = { seed, data, only: only ?? '', pairs: false };
  const all = await catalogue(optimized.base, sql, vocabulary, wanted);
  await sql.end();
  const shapes = all.filter(({ name }) => only !== undefined || !name.startsWith('hard'));
  return {
    ...{ customers, optimized, naive },
    shapes: new Map(shapes.map((shape) => [shape.name, shape])),
    stop: async () => void (await Promise.all([optimized.stop(), naive?.stop()])),
  };
}
