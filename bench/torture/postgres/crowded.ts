import { connect, type Sql } from '../../../src/server/database.ts';
import type { Fault } from './suffer.ts';

// Other clients hold all connections that PostgreSQL accepts, and the server's connections are cut.

let crowd: Sql[] = [];
/** More connections than PostgreSQL accepts. */
const size = 220;

export const crowded: Fault = {
  name: 'PostgreSQL out of connections',
  unready: true,
  async begin({ postgres, sql }, room) {
    crowd = Array.from({ length: size }, () =>
      connect(postgres.services.postgres, 'postgres', { pool: 1, statementTimeout: 0 }),
    );
    // Idle connections are gone as soon as they are closed.
    const hold = async (one: Sql) => {
      while (crowd.includes(one)) {
        await one`select`.then(
          () => Bun.sleep(1_000),
          () => Bun.sleep(20),
        );
      }
    };
    for (const one of crowd) void hold(one);
    for (let cut = 0; cut < 8; cut++) {
      await Bun.sleep(100);
      await sql[room]`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`;
    }
  },
  async mend() {
    const leaving = crowd;
    crowd = [];
    await Promise.all(leaving.map((one) => one.end({ timeout: 0 })));
  },
};
