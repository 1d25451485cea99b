import type { Room } from '../../servers.ts';
import { type Check, createFailures, type Failures } from '../check.ts';
import type { Ground } from '../ground.ts';
import { untilAnswered } from '../healing.ts';
import { openLedger } from './ledger.ts';
import { expectInStep } from './read-model.ts';

/** A fault of PostgreSQL while a server is under load; `mend` repairs it. */
export interface Fault {
  name: string;
  /** Why this machine cannot do it; null if it can. */
  missing?: () => string | null;
  /** Run before the load begins, and after everything. */
  prepare?: (ground: Ground) => Promise<void>;
  clean?: (ground: Ground) => Promise<void>;
  /** environment of the server under load */
  settings?: Record<string, string>;
  /** ms that it lasts; by default this depends on `quick` */
  lasts?: number;
  /** whether /ready fails meanwhile */
  unready: boolean;
  begin(ground: Ground, room: Room): Promise<void>;
  mend(ground: Ground): Promise<void>;
}

/** ms within which everything works again. */
const longestHealing = 2_000;

/** Writers and readers on one server during a fault of PostgreSQL and its recovery. */
export const suffer = (fault: Fault, room: Room): Check => ({
  group: 'postgres',
  name: `${room}: ${fault.name}`,
  async run(ground) {
    const skipped = fault.missing?.();
    if (skipped) return { counts: {}, failures: [], skipped };
    await fault.prepare?.(ground);
    try {
      return await underLoad(ground, fault, room);
    } finally {
      await ground.clear();
      await fault.clean?.(ground);
    }
  },
});

async function underLoad(ground: Ground, fault: Fault, room: Room) {
  const { quick, sql, start } = ground;
  const failures = createFailures();
  const server = await start(room, fault.settings);
  const ledger = openLedger(server.base, failures);
  let over = false;
  const load = Promise.all([
    ...[0, 1, 2, 3].map((writer) => ledger.write(writer, () => over)),
    ...[0, 1].map(() => ledger.read(() => over)),
  ]);
  await Bun.sleep(quick ? 700 : 2_000);
  const before = ledger.counts.refused;
  failures.expect(before === 0, `${before} refusals before the fault`);
  await fault.begin(ground, room);
  const began = performance.now();
  try {
    if (fault.unready) await expectUnready(server.base, failures);
    await Bun.sleep((fault.lasts ?? (quick ? 1_300 : 4_000)) - (performance.now() - began));
  } finally {
    await fault.mend(ground);
  }
  const back = performance.now();
  const healed = await untilAnswered(() => server.base);
  failures.expect(
    healed <= longestHealing,
    `everything works only ${healed.toFixed(0)} ms after PostgreSQL is back`,
  );
  const refused = ledger.counts.refused;
  await Bun.sleep(quick ? 500 : Math.max(0, longestHealing - (performance.now() - back)) + 2_000);
  over = true;
  await load;
  server.assertAlive();
  failures.expect(refused > 0, 'the fault caused no refusal');
  await ledger.settle(sql[room]);
  if (room === 'optimized') await expectInStep(sql.optimized, failures);
  return {
    counts: {
      ...ledger.counts,
      'slowest refusal ms': ledger.slowest().toFixed(0),
      'healed after ms': healed.toFixed(0),
    },
    failures: failures.all(),
  };
}

async function expectUnready(base: string, failures: Failures): Promise<void> {
  const sent = performance.now();
  const ready = await fetch(`${base}/ready`);
  const ms = performance.now() - sent;
  failures.expect(
    ready.status === 503 && ms < 1_500,
    `/ready answers ${ready.status} after ${ms.toFixed(0)} ms`,
  );
}
