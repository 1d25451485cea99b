import { connect, type Sql } from '../../../src/server/database.ts';
import { closedLoop, type Looped } from '../../client/closed-loop.ts';
import { type Call, call } from '../../client/wire.ts';
import { type Latency, latency } from '../../latency/measure.ts';
import { listPath } from '../../requests.ts';
import { type Room, startServer } from '../../servers.ts';
import { short } from '../../table.ts';
import type { Vocabulary } from '../../vocabulary.ts';
import type { Check, Setting } from './check.ts';

const users = 16;
/** Share of the naive server's creates. */
const leastShare = 0.6;

/** The first round does not count. */
const rounds = 3;

interface Written {
  rate: number;
  latency: Latency;
  failures: { why: string }[];
}

/**
 * Creates a second, with every index and trigger in place, against the naive server's, in turns. The first creates of both
 * do not count: the first change of a disk block after a checkpoint writes the whole block to the WAL. That is 34 blocks a
 * create in the first three seconds at 3 million customers, and 5 after that.
 */
export async function writes(setting: Setting): Promise<Check[]> {
  const rooms: Awaited<ReturnType<typeof open>>[] = [];
  try {
    for (const room of ['optimized', 'naive'] as const) rooms.push(await open(setting, room));
    for (let round = 0; round < rounds; round++) for (const room of rooms) await room.create();
  } finally {
    for (const room of rooms) await room.close();
  }
  const [optimized, naive] = rooms.map(({ written }) => written()) as [Written, Written];
  const failed = optimized.failures.length;
  const share = optimized.rate / naive.rate;
  return [
    {
      name: `writes: creates, ${users} users`,
      goal: `≥ ${leastShare} of naive's, 0 failed`,
      found: `${short(share)} of naive's: ${figuresOf(optimized)}; naive ${figuresOf(naive)}`,
      holds: share >= leastShare && failed === 0,
      figures: { optimized, naive },
    },
  ];
}

const figuresOf = ({ rate, latency: { p50, p99 }, failures }: Written) =>
  `${short(rate)} creates/s (p50 ${short(p50)}, p99 ${short(p99)} ms, ${failures.length} failed)`;

async function open({ stage, vocabulary, seconds }: Setting, room: Room) {
  const sql = connect(stage.services.postgres, `${stage.db}_${room}`, { pool: 1, statementTimeout: 0 });
  const server = await startServer(room, { ...stage.environment, CACHE: 'off', API_TOKEN: '' });
  const before = await lastIds(sql);
  const calls = newCustomers(vocabulary);
  const all: Looped[] = [];
  return {
    async create() {
      all.push(await closedLoop(server.base, calls, { users, seconds: seconds / rounds }));
    },
    written(): Written {
      const counted = all.slice(1);
      const samples = counted.flatMap(({ samples }) => samples);
      return {
        rate: samples.length / counted.reduce((sum, { seconds }) => sum + seconds, 0),
        latency: latency(samples.map(({ ms }) => ms)),
        failures: counted.flatMap(({ failures }) => failures),
      };
    },
    async close() {
      await server.stop();
      await remove(sql, before);
      if (room === 'optimized') await sql`call listing_make_zones('customer_list')`;
      await sql.end();
    },
  };
}

/** Customers like the existing ones, except for their customer_id, which the server generates. */
function newCustomers(vocabulary: Vocabulary): Call[] {
  return vocabulary.map(
    ({ first_name, last_name, gender, phone_number, birthday, address, relationship }) => {
      const body = { first_name, last_name, gender, phone_number, birthday, address, relationship };
      return call(listPath, { method: 'POST', status: 201, body: JSON.stringify(body) });
    },
  );
}

interface Last {
  customer: number;
  address: number;
}

async function lastIds(sql: Sql): Promise<Last> {
  const [row] = await sql<Last[]>`
    select (select coalesce(max(id), 0) from customer) as customer,
           (select coalesce(max(id), 0) from address) as address`;
  return row!;
}

/** Deletes the written rows and vacuums, so that both databases hold the same rows as before, and no dead ones. */
async function remove(sql: Sql, { customer, address }: Last): Promise<void> {
  await sql`delete from customer where id > ${customer}`;
  // The naive database has no such index, and would scan all customers for each deleted address.
  await sql`create index customer_of_address on customer (address_id)`;
  await sql`delete from address where id > ${address}`;
  await sql`drop index customer_of_address`;
  await sql.unsafe('vacuum (analyze)').simple();
}
