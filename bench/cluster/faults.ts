import { type Check, createFailures } from '../torture/check.ts';
import { untilAnswered } from '../torture/healing.ts';
import type { Cluster, Group } from './ground.ts';
import { openUsers } from './users.ts';

/** A fault of a part of the cluster while users read and write. */
interface Fault {
  name: string;
  /** Why this machine cannot do it. */
  missing?: (cluster: Cluster) => string | null;
  begin(cluster: Cluster): Promise<unknown>;
  mend(cluster: Cluster): Promise<unknown>;
  /** what must not fail meanwhile */
  unharmed: ('reads' | 'writes')[];
}

/** ms within which everything works again. */
const longestHealing = 2_000;

const noNginx = ({ nginx }: Cluster) => (nginx ? null : 'nginx is not on the PATH');

const faults: Fault[] = [
  {
    name: 'the replica is killed and restarted',
    begin: ({ postgres }) => postgres.killReplica(),
    mend: ({ postgres }) => postgres.start(),
    unharmed: ['reads', 'writes'],
  },
  {
    name: 'one server is killed and restarted',
    missing: noNginx,
    begin: ({ servers }) => servers[0].kill(),
    mend: (cluster) => cluster.restart(0),
    // A write in flight on it may have committed: nginx does not send it again.
    unharmed: ['reads'],
  },
  {
    name: 'nginx is reloaded',
    missing: noNginx,
    begin: async ({ nginx }) => nginx!.reload(),
    mend: async () => {},
    unharmed: ['reads', 'writes'],
  },
  {
    name: 'nginx is stopped and restarted',
    missing: noNginx,
    begin: ({ nginx }) => nginx!.quit(),
    mend: ({ nginx }) => nginx!.start(),
    unharmed: [],
  },
  {
    name: 'PgBouncer is stopped and restarted',
    missing: ({ pgbouncer }) => (pgbouncer ? null : 'PgBouncer 1.21 or newer is not installed'),
    begin: ({ pgbouncer }) => pgbouncer!.stop(),
    mend: ({ pgbouncer }) => pgbouncer!.start(),
    unharmed: [],
  },
  {
    name: 'the primary is stopped and restarted',
    begin: ({ postgres }) => postgres.stop(),
    mend: ({ postgres }) => postgres.start(),
    unharmed: [],
  },
  {
    name: 'the primary is killed and restarted',
    begin: ({ postgres }) => postgres.kill(),
    mend: ({ postgres }) => postgres.start(),
    unharmed: [],
  },
];

const suffer = (fault: Fault): Check<Cluster, Group> => ({
  group: 'fault',
  name: fault.name,
  async run(cluster) {
    const skipped = fault.missing?.(cluster);
    if (skipped) return { counts: {}, failures: [], skipped };
    const { quick, sql } = cluster;
    const failures = createFailures();
    const users = openUsers(cluster.base, 4, failures);
    await Bun.sleep(quick ? 300 : 1_500);
    const before = users.counts['failed reads'] + users.counts['failed writes'];
    failures.expect(before === 0, `${before} requests failed before the fault`);
    await fault.begin(cluster);
    await Bun.sleep(quick ? 300 : 3_000);
    await fault.mend(cluster);
    const healed = await untilHealed(cluster);
    failures.expect(
      healed <= longestHealing,
      `everything works only ${healed.toFixed(0)} ms after the repair`,
    );
    await Bun.sleep(quick ? 300 : 1_500);
    await users.end();
    await users.settle(sql);
    for (const kind of fault.unharmed) {
      const failed = users.counts[`failed ${kind}`];
      failures.expect(failed === 0, `${failed} ${kind} failed`);
    }
    return { counts: { ...users.counts, 'healed after ms': healed.toFixed(0) }, failures: failures.all() };
  },
});

/** ms until requests are answered and both servers report "ready". */
async function untilHealed({ base, servers }: Cluster): Promise<number> {
  const began = performance.now();
  let healed = await untilAnswered(base);
  for (let whole = false; !whole && performance.now() - began < 20_000; await Bun.sleep(10)) {
    const states = await Promise.all(
      servers.map(async (server) => (await fetch(`${server.base}/ready`).catch(() => null))?.json()),
    );
    whole = states.every((state) => (state as { status?: string } | undefined)?.status === 'ready');
    if (!whole) healed = performance.now() - began;
  }
  return healed;
}

export const suffered = faults.map(suffer);
