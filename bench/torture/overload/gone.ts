import { connect, type Socket } from 'node:net';
import type { Sql } from '../../../src/server/database.ts';
import { listPath } from '../../requests.ts';
import { type Check, createFailures } from '../check.ts';

/** ms within which a statement without clients ends. */
const longest = 1_000;

/** Clients disconnect while their list is read. The statement must end when the last of them is gone. */
export const gone: Check = {
  group: 'overload',
  name: 'a statement ends when all its clients have disconnected',
  async run({ start, sql: { optimized: sql } }) {
    const failures = createFailures();
    const server = await start('optimized', { CACHE: 'full' });
    const counts: Record<string, string> = {};
    // The list's statement waits for this lock.
    await sql.begin(async (lock) => {
      await lock`lock table customer_list in access exclusive mode`;
      for (const clients of [1, 3]) {
        const path = `${listPath}?city=gone${clients}`;
        const sockets = await Promise.all(Array.from({ length: clients }, () => ask(server.base, path)));
        const running = await until(async () => (await waiting(sql)) === 1, 2_000);
        failures.expect(running !== null, `not exactly one statement for ${clients} clients`);
        for (const socket of sockets.slice(1)) socket.destroy();
        await Bun.sleep(clients > 1 ? 400 : 0);
        failures.expect((await waiting(sql)) === 1, 'it has ended although a client still waits');
        sockets[0]!.destroy();
        const ended = await until(async () => (await waiting(sql)) === 0, longest);
        failures.expect(
          ended !== null,
          `it still runs ${longest} ms after the last of ${clients} clients disconnected`,
        );
        counts[`ms after ${clients}`] = ended?.toFixed(0) ?? 'never';
      }
    });
    const after = await fetch(`${server.base}${listPath}?city=gone3`);
    failures.expect(after.status === 200, `the same list afterwards: ${after.status}`);
    return { counts, failures: failures.all() };
  },
};

/** Sends a request on a separate connection. */
async function ask(base: string, path: string): Promise<Socket> {
  const { hostname, port } = new URL(base);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await Bun.sleep(50);
  return socket;
}

/** The server's statements that wait for a lock. */
async function waiting(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'customers' and wait_event_type = 'Lock'`;
  return row!.count;
}

/** ms until it holds; null if it does not within `ms`. */
async function until(holds: () => Promise<boolean>, ms: number): Promise<number | null> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > ms) return null;
    await Bun.sleep(10);
  }
  return performance.now() - began;
}
