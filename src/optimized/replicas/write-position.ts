import { runner, type Sql } from '../../server/database.ts';
import type { Watch } from '../../server/watch.ts';
import { readPosition } from '../cache/positions.ts';

// The WAL position at which a client's last write ends. Each write returns it, and a read that carries it sees that write,
// whichever server and replica it reaches. Programs repeat the header, browsers the cookie.

const header = 'write-position';
const cookie = 'write_position';
/** Seconds. By then every server has seen the write, and every replica that is read from. */
const lifetime = 120;

/** The WAL position that a request carries; 0 if it carries none, or one that cannot be parsed. */
export function positionOf({ headers }: Request): number {
  const named = headers.get(header);
  const kept = /(?:^|; *)write_position=([\dA-F/]+)/i.exec(headers.get('cookie') ?? '')?.[1];
  return Math.max(readPosition(named ?? '') ?? 0, readPosition(kept ?? '') ?? 0);
}

/** The end of the primary's WAL now, after a write, and the headers that pass it to the client. */
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
