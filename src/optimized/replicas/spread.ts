import type { Logger } from 'pino';
import { Counter, Gauge, type Registry } from 'prom-client';
import { type Admission, busy } from '../../server/admission.ts';
import type { Config } from '../../server/config.ts';
import { type Address, type Run, runner, type Sql } from '../../server/database.ts';
import type { Watch } from '../../server/watch.ts';
import type { Follower } from '../cache/follow.ts';
import { openReplica, type Replica, Unfit } from './replica.ts';
import { positionOf, readWritten } from './write-position.ts';

// Distributes reads over replicas and the primary; clients see their own writes wherever they read.

export interface ReadOptions {
  /** on the primary, not on a replica */
  primary?: boolean;
  /** the WAL position that a replica must have replayed */
  position?: number;
  signal?: AbortSignal;
  watch?: Watch;
}

export interface Spread {
  /**
   * Runs `work`, which only reads, on a replica that has replayed `position`, or else on the primary. `replayed` is what the
   * replica had replayed by then, null on the primary.
   */
  read<T>(work: (run: Run) => Promise<T>, options: ReadOptions): Promise<T & { replayed: number | null }>;
  /** Whether the client's last write has reached this server already. */
  covers(request: Request): boolean;
  /** Waits until it has; returns the WAL position of that write, 0 for none. */
  reach(request: Request): Promise<number>;
  /** Whether the primary reports its changes; if not, a read sees the state of the replica chosen for it. */
  informed(): boolean;
  /** After a write: the headers of its answer. */
  written(watch?: Watch): Promise<Record<string, string>>;
  /** Admission of reads: full if the primary is, and every fit replica. */
  admission: Pick<Admission, 'full' | 'refuse'> | null;
  /** names the replicas that are left out, and why */
  degraded(): string[];
  /** resolves when every replica has answered, or after half a second */
  ready: Promise<unknown>;
  close(): Promise<void>;
}

export interface SpreadSettings extends Pick<Config['postgres'], 'pool' | 'statementTimeout'> {
  addresses: Address[];
  database: string;
  waitLimit: number;
  /** the most replica lag, in ms */
  lag: number;
  /** answers to writes carry their WAL position */
  tells: boolean;
  /** those of PostgreSQL, for each connection */
  settings: Record<string, string>;
}

/** Opens the replicas, if any, of the primary that `follower` polls. None needs to be up yet. */
export function openSpread(
  primary: Sql,
  follower: Pick<Follower, 'alive' | 'timeline' | 'positions' | 'reach'>,
  registry: Registry,
  log: Pick<Logger, 'info' | 'warn'>,
  { addresses, database, lag, tells, settings, ...options }: SpreadSettings,
): Spread {
  const replicas = addresses.map((address) => openReplica(address, database, options, settings));
  const { positions } = follower;
  const told = new Map<Replica, string | null>();
  const look = setInterval(() => {
    for (const one of replicas) {
      const why = fault(one);
      if (why === (told.get(one) ?? null)) continue;
      told.set(one, why);
      if (why === null) log.info({ replica: one.name }, 'a replica is read from again');
      else log.warn({ replica: one.name, why }, 'a replica is left out');
    }
  }, 250);

  /** Why a replica is not read from; null if it is. */
  function fault(replica: Replica): string | null {
    const state = replica.state();
    if (state === null) return 'does not answer';
    if (!state.standby) return 'is no standby';
    // On another system or timeline it may hold what the primary does not, under the same transaction ids.
    if (follower.alive() && state.timeline !== follower.timeline())
      return state.timeline === null
        ? 'receives no log, or does not tell (pg_read_all_stats)'
        : 'follows another primary';
    const behind = positions.behind(state.replayed);
    return behind > lag ? `is more than ${lag} ms behind` : null;
  }

  function choose(position: number): Replica | null {
    // While the primary is silent, a replica must show every change known here.
    const least = follower.alive() ? position : Math.max(position, positions.known());
    let chosen: Replica | null = null;
    for (const one of replicas) {
      if (fault(one) !== null || one.state()!.replayed < least || one.full()) continue;
      if (chosen === null || one.busy() < chosen.busy()) chosen = one;
    }
    return chosen;
  }

  const { reads, repeated } = measure(registry, replicas, positions.behind, fault);
  const { admission } = primary;
  return {
    admission: admission && {
      full: () => admission.full() && replicas.every((one) => one.full() || fault(one) !== null),
      refuse: admission.refuse,
    },
    async read(work, { primary: onPrimary = false, position = 0, signal, watch }) {
      const replica = onPrimary ? null : choose(position);
      let begun = onPrimary;
      if (replica) {
        const { replayed } = replica.state()!;
        try {
          const found = await replica.read((sql) => work(runner(sql, { signal, watch })));
          reads.inc({ from: replica.name });
          return { ...found, replayed };
        } catch (error) {
          if (!(error instanceof Unfit)) throw error;
          repeated.inc({ cause: 'failed' });
          begun = error.cause !== busy; // a read that the replica refused may be refused here too
        }
      }
      if (onPrimary) repeated.inc({ cause: 'outdated' });
      reads.inc({ from: 'primary' });
      return { ...(await work(runner(primary, { signal, watch, begun }))), replayed: null };
    },
    covers(request) {
      const position = positionOf(request);
      return position === 0 || positions.covers(position);
    },
    async reach(request) {
      const position = positionOf(request);
      if (position > 0) await follower.reach(position);
      return position;
    },
    informed: follower.alive,
    async written(watch) {
      if (!tells) return {};
      const { position, headers } = await readWritten(primary, watch);
      positions.wrote(position);
      return headers;
    },
    degraded: () =>
      replicas.flatMap((one) => {
        const why = fault(one);
        return why === null ? [] : [`replica ${one.name} ${why}`];
      }),
    ready: Promise.race([Promise.all(replicas.map(({ ready }) => ready)), Bun.sleep(500)]),
    async close() {
      clearInterval(look);
      await Promise.all(replicas.map((one) => one.close()));
    },
  };
}

function measure(
  registry: Registry,
  replicas: Replica[],
  behind: (replayed: number) => number,
  fault: (replica: Replica) => string | null,
) {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (replica: Replica) => number) =>
    new Gauge({
      ...{ name, help, registers, labelNames: ['replica'] as const },
      collect() {
        for (const one of replicas) this.set({ replica: one.name }, value(one));
      },
    });
  gauge('replica_lag_seconds', 'How old what a replica shows is; NaN while it does not answer', (one) => {
    const state = one.state();
    return state === null ? Number.NaN : behind(state.replayed) / 1000;
  });
  gauge('replica_used', '1 while a replica is read from', (one) => Number(fault(one) === null));
  const reads = new Counter({
    name: 'database_reads_total',
    help: 'Lists and single customers read, by the server that answered',
    ...{ registers, labelNames: ['from'] as const },
  });
  const repeated = new Counter({
    name: 'replica_reads_repeated_total',
    help: 'Reads that a replica could not answer, or not with what is known to have changed, and the primary did',
    ...{ registers, labelNames: ['cause'] as const },
  });
  return { reads, repeated };
}
