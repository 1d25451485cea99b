import type { Sql } from '../../../src/server/database.ts';
import { listPath } from '../../requests.ts';

export const json = { 'content-type': 'application/json' };

/** A write to `base` that waits for a lock until `release` is called. */
export async function heldWrite(sql: Sql, base: string, name: string) {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const { promise: locked, resolve: hasLocked } = Promise.withResolvers<void>();
  const lock = sql.begin(async (run) => {
    await run`lock table customer in share row exclusive mode`;
    hasLocked();
    await released;
  });
  await locked;
  const answer = fetch(base + listPath, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ first_name: 'Held', last_name: name }),
  }).then(
    ({ status }) => status,
    () => 0,
  );
  await Bun.sleep(300);
  return {
    /** the status of its answer; 0 without one */
    answer,
    async release() {
      release();
      await lock;
    },
  };
}

export const isWritten = async (sql: Sql, name: string): Promise<boolean> =>
  (await sql`select from customer where first_name = 'Held' and last_name = ${name}`).length === 1;
