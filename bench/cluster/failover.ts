import { ensureSeeded } from '../../src/seed/index.ts';
import { connect } from '../../src/server/database.ts';
import { type RunningServer, startServer } from '../servers.ts';
import { median } from '../statistics.ts';
import { type Check, createFailures } from '../torture/check.ts';
import type { Group } from './ground.ts';
import { findPatroni, lease, type PatroniCluster, startPatroni } from './patroni.ts';

// The leader of three PostgreSQL nodes is lost while two servers write. Their acknowledged writes must exist afterwards,
// and they must find the new leader on their own.

export interface Failover {
  /** what failed */
  what: 'postgres' | 'machine';
  /** acknowledged creates, and how many of them were not found afterwards */
  acknowledged: number;
  lost: number;
  /**
   * creates that were refused or cut off, and how many of them were sent a second or more after writes were back: a
   * connection may lead to the previous leader, which is a standby by then
   */
  failed: number;
  late: number;
  /** creates with a status other than 201 or 503, or cut off although their server was running */
  unforeseen: number;
  /** answers of a server that did not show a write which that server had acknowledged */
  stale: number;
  /** replay lag of a follower in ms before the loss, the median and the maximum */
  lag: { usual: number; most: number };
  /** ms from the loss to the acknowledgement of the first create that was sent after it */
  back: number;
  /** the most ms that `back` may be */
  limit: number;
}

/** ms between two creates of a writer. */
const pause = 10;
const writers = 6;

/**
 * Starts etcd, Patroni with three nodes, and two servers. Under load, kills the leader's PostgreSQL, then another leader
 * with its Patroni. `missing` names what is not installed. Takes two minutes.
 */
export async function failover(
  told: (line: string) => void = () => {},
): Promise<Failover[] | { missing: string }> {
  const tools = await findPatroni();
  if ('missing' in tools) return tools;
  const patroni = await startPatroni(tools);
  const servers: RunningServer[] = [];
  try {
    const { postgres } = patroni;
    // The database is created on the leader. If a follower does not have it yet, the driver does not try the next host.
    const services = { postgres: await patroni.leader(), redis: null, redisMissing: 'none is needed' };
    await ensureSeeded({ services, db: 'failover', customers: 1_000, only: 'optimized', quiet: true });
    await patroni.followed();
    const environment = {
      ...{ POSTGRES_HOST: postgres.host, POSTGRES_USER: postgres.user, POSTGRES_PASSWORD: postgres.password },
      ...{ POSTGRES_DB: 'failover', REDIS_URL: 'off', CACHE: 'full', API_TOKEN: '', LOG_LEVEL: 'fatal' },
    };
    for (let i = 0; i < 2; i++) servers.push(await startServer('optimized', environment));
    const results: Failover[] = [];
    for (const what of ['postgres', 'machine'] as const) {
      const result = await lose(what, patroni, servers);
      told(described(result));
      results.push(result);
      await patroni.restore();
    }
    return results;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await patroni.stop();
  }
}

/** The same as a check, on a separate cluster. */
export const failedOver: Check<unknown, Group> = {
  group: 'failover',
  name: 'Patroni: the leader is lost, then another leader with its machine',
  async run() {
    const results = await failover();
    if ('missing' in results) return { counts: {}, failures: [], skipped: results.missing };
    const failures = createFailures();
    for (const result of results) {
      const { lost, unforeseen, stale, back, limit } = result;
      const holds = lost + unforeseen + stale === 0 && back < limit;
      failures.expect(holds, 'a promise is not kept', described(result));
    }
    const counts = results.flatMap(({ what, acknowledged, lost, failed, stale, back }) =>
      Object.entries({ acknowledged, lost, failed, stale, 'writes back after ms': Math.round(back) }).map(
        ([name, count]) => [`${what}: ${name}`, count] as const,
      ),
    );
    return { counts: Object.fromEntries(counts), failures: failures.all() };
  },
};

export const described = ({
  what,
  acknowledged,
  lost,
  failed,
  late,
  unforeseen,
  stale,
  lag,
  back,
  limit,
}: Failover) =>
  `leader's ${what} lost: ${acknowledged} creates acknowledged, ${lost} of them lost, ${failed} refused (${late} after writes were back), ${unforeseen} unexpected, ${stale} stale answers, writes back after ${Math.round(back)} ms (limit ${limit}); replica lag before: median ${lag.usual.toFixed(1)} ms, maximum ${lag.most.toFixed(1)}`;

async function lose(
  what: Failover['what'],
  patroni: PatroniCluster,
  servers: RunningServer[],
): Promise<Failover> {
  const acknowledged: string[] = [];
  const result = { what, lost: 0, failed: 0, late: 0, unforeseen: 0, stale: 0 };
  let [over, killed, since] = [false, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const back = Promise.withResolvers<number>();

  async function write(writer: number): Promise<void> {
    for (let n = 0; !over; n++, await Bun.sleep(pause)) {
      const { base } = servers[n % servers.length]!;
      const customerId = `F-${what}-${writer}-${n}`;
      const sent = performance.now();
      const status = await create(base, customerId);
      if (status !== 201) {
        result.failed += 1;
        if (sent > since + 1_000) result.late += 1;
        if (status !== 503) result.unforeseen += 1;
        continue;
      }
      acknowledged.push(customerId);
      if (sent > killed) {
        since = Math.min(since, performance.now());
        back.resolve(performance.now() - killed);
      }
      const shown = await find(base, customerId);
      if (shown === false) result.stale += 1;
    }
  }
  const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const lag = await lagOf(patroni, 3_000);
  killed = performance.now();
  await patroni.kill(what);
  // Patroni detects a lost PostgreSQL. Only the lease reveals a lost machine.
  const limit = 1000 * (lease.ttl + 2);
  const never = Bun.sleep(3 * limit).then(() => Number.POSITIVE_INFINITY);
  const took = await Promise.race([back.promise, never]);
  await Bun.sleep(4_000);
  over = true;
  await writing;
  const sql = connect(patroni.postgres, 'failover_optimized', { pool: 1 });
  const found = await sql<{ customer_id: string }[]>`
    select customer_id from customer where customer_id like ${`F-${what}-%`}`;
  await sql.end({ timeout: 1 });
  const there = new Set(found.map(({ customer_id }) => customer_id));
  result.lost = acknowledged.filter((one) => !there.has(one)).length;
  return { ...result, acknowledged: acknowledged.length, lag, back: took, limit };
}

/** The followers' replay lag for `during` ms, as the leader reports it. */
async function lagOf(patroni: PatroniCluster, during: number): Promise<Failover['lag']> {
  const sql = connect(await patroni.leader(), 'postgres', { pool: 1 });
  const lags: number[] = [];
  for (const until = performance.now() + during; performance.now() < until; await Bun.sleep(20)) {
    const rows = await sql<{ ms: number }[]>`
      select (extract(epoch from replay_lag) * 1000)::float8 as ms from pg_stat_replication where replay_lag is not null`;
    lags.push(...rows.map(({ ms }) => ms));
  }
  await sql.end({ timeout: 1 });
  return { usual: median(lags), most: Math.max(...lags) };
}

/** The status; 0 without an answer. */
async function create(base: string, customerId: string): Promise<number> {
  try {
    const body = JSON.stringify({ first_name: 'Fail', last_name: 'Over', customer_id: customerId });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${base}/api/v1/customers`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

/** Whether a list shows it; null if the list is not answered with 200. */
async function find(base: string, customerId: string): Promise<boolean | null> {
  const response = await fetch(`${base}/api/v1/customers?customer_id=${customerId}`);
  if (response.status !== 200) return null;
  const { results } = (await response.json()) as { results: { customer_id: string }[] };
  return results.some((one) => one.customer_id === customerId);
}
