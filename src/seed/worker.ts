// One of several threads that make rows and copy them into the tables. It sends one answer to each order of load.ts.
import { type Address, connectTo, hurry } from '../server/connection.ts';
import { lines, openCopy, tables } from './copy.ts';
import { customers } from './customer.ts';
import type { ProfileName } from './profiles/index.ts';

export type Order =
  | { kind: 'open'; address: Address; data: ProfileName; seed: number }
  | { kind: 'store'; start: number; end: number }
  | { kind: 'close' };
export type Answer = { failed: string | null };

/** Customers made at once: enough to keep the server busy, few enough to fit in the CPU cache. */
const batch = 1_000;

declare const self: Worker;

let open: Awaited<ReturnType<typeof storing>> | null = null;

self.onmessage = async ({ data: order }: MessageEvent<Order>) => {
  let failed: string | null = null;
  try {
    if (order.kind === 'open') open = await storing(order.address, order.seed, order.data);
    else if (order.kind === 'store') await open?.store(order.start, order.end);
    else await open?.close();
  } catch (error) {
    failed = error instanceof Error ? error.message : String(error);
  }
  const answer: Answer = { failed };
  self.postMessage(answer);
};

async function storing(address: Address, seed: number, data: ProfileName) {
  // A connection can copy into only one table at a time.
  const connections = tables.map((table) => ({ table, sql: connectTo(address) }));
  await Promise.all(connections.map(({ sql }) => hurry(sql)));
  const rowsOf = customers(seed, data);

  async function store(start: number, end: number): Promise<void> {
    const copies = await Promise.all(
      connections.map(async ({ table, sql }) => ({ table, copy: await openCopy(sql, table) })),
    );
    for (let at = start; at < end; at += batch) {
      const made = lines(rowsOf, at, Math.min(at + batch, end));
      await Promise.all(copies.map(({ table, copy }) => copy.write(made[table])));
    }
    await Promise.all(copies.map(({ copy }) => copy.end()));
  }

  async function close(): Promise<void> {
    await Promise.all(connections.map(({ sql }) => sql.end()));
  }

  return { store, close };
}
