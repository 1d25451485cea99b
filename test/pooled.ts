import { findPgBouncer, type PgBouncer, startPgBouncer } from '../bench/cluster/pgbouncer.ts';
import { createApp } from '../src/naive/app.ts';
import { cluster, copyOf, type Kind } from './cluster.ts';
import { openOptimized } from './optimized/room.ts';
import { type Open, openRoom } from './rooms.ts';

// Servers behind a real PgBouncer in transaction mode, with fewer connections than a server has in its pool: each statement
// may reach another session of PostgreSQL.

const found = await findPgBouncer();
if ('missing' in found) console.error(`Tests through PgBouncer are skipped. ${found.missing}`);

export const hasPgBouncer = 'path' in found;

/** The connections of a PgBouncer to PostgreSQL, for each database. */
export const connections = 3;

/** A PgBouncer for any database of a server; `port` is that of PostgreSQL, or of a gate in front of it. */
export async function pgBouncerFor(kind: Kind, port?: number): Promise<PgBouncer> {
  if (!('path' in found)) throw new Error(found.missing);
  const { postgres } = (await cluster()).services;
  return startPgBouncer({
    path: found.path,
    postgres: { ...postgres, port: port ?? postgres.port },
    databases: { [kind]: '*' },
    settings: { default_pool_size: connections },
  });
}

/** Servers that each reach their database through their own PgBouncer; a gate is between that and PostgreSQL. */
const pooled =
  (kind: Kind, open: Open): Open =>
  async (options = {}) => {
    const copy = options.on ?? (await copyOf(kind));
    const bouncer = await pgBouncerFor(kind, options.unreachable ? 1 : options.through);
    const end = async () => {
      await bouncer.stop();
      if (!options.on) await copy.drop();
    };
    try {
      const room = await open({ ...options, on: copy, through: bouncer.port });
      return { ...room, close: () => room.close().finally(end) };
    } catch (error) {
      await end();
      throw error;
    }
  };

export const openPooled: Record<Kind, Open> = {
  naive: pooled('naive', (options) => openRoom('naive', (base) => ({ app: createApp(base) }), options)),
  optimized: pooled('optimized', openOptimized),
};
