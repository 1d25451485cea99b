import { runner, type Sql } from '../../server/database.ts';
import type { Watch } from '../../server/watch.ts';
import { readPosition } from '../cache/positions.ts';

// Where in the log of the primary a client's last write ends. Each write answers with it, and a read that carries it sees that
// write, whichever server and replica it comes to. Programs repeat the header, browsers the cookie.

const header = 'write-position';
const cookie = 'write_position';
/** Seconds. By then a server has seen the write, and every replica that is read from. */
const lifetime = 120;

/** The place that a request names; 0 where it names none. What cannot be read counts as none. */
export function positionOf({ headers }: Request): number {
  const named = headers.get(header);
  const kept = /(?:^|; *)write_position=([\dA-F/]+)/i.exec(headers.get('cookie') ?? '')?.[1];
  return Math.max(readPosition(named ?? '') ?? 0, readPosition(kept ?? '') ?? 0);
}

/** Where the log of the primary ends now, after a write, as its client is told. */
export async function readWritten(sql: Sql, watch?: Watch) {
  const run = runner(sql, { begun: true, watch });
  const [row] = await run<{ position: string }>('select pg_current_wal_insert_lsn()::text as position', []);
  const { position } = row!;
  const headers = {
    [header]: position,
    'set-cookie': `${cookie}=${position}; Path=/; Max-Age=${lifetime}; HttpOnly; SameSite=Lax`,
  };
  return { position: readPosition(position)!, headers };
}
