import { Problem } from '../../contract/problem.ts';
import { busy } from '../../server/admission.ts';
import type { Config } from '../../server/config.ts';
import {
  type Address,
  alongside,
  connect,
  isLost,
  runner,
  type Sql,
  silent,
  within,
} from '../../server/database.ts';
import stateText from '../../sql/replica/state.sql' with { type: 'text' };
import { readPosition } from '../cache/positions.ts';

// Connects to one replica, polls its state, and reads on it.

/** The state that a replica last reported. */
export interface State {
  standby: boolean;
  /** the WAL position that it had replayed */
  replayed: number;
  /** system and timeline of the WAL that it receives; null if it receives none, or the user may not see it */
  timeline: string | null;
}

/** A replica and the connections to it. Its caller decides whether it is fit to be read from. */
export interface Replica {
  /** `host:port` */
  name: string;
  /** null: it does not answer */
  state(): State | null;
  /** as in `Admission` */
  full(): boolean;
  /** the number of in-flight reads */
  busy(): number;
  /**
   * Runs `read` on it.
   *
   * @throws Unfit if it cannot answer, or its answer is not reliable: the primary may be read instead
   */
  read<T>(read: (sql: Sql) => Promise<T>): Promise<T>;
  /** resolves after its first answer */
  ready: Promise<void>;
  close(): Promise<void>;
}

/** A replica could not answer, or not reliably. */
export class Unfit extends Error {}

/** ms between two polls. */
const interval = 50;
/** ms without an answer until a replica counts as hung. */
const patience = 1000;
/** ms until a replica that does not answer is polled again. */
const pause = 200;

interface Answer {
  standby: boolean;
  replayed: string | null;
  timeline: string | null;
}

/** Opens the connections to a replica, and polls its state many times a second. */
export function openReplica(
  address: Address,
  database: string,
  options: Pick<Config['postgres'], 'pool' | 'statementTimeout'> & { waitLimit: number },
  settings: Record<string, string>,
): Replica {
  const open = () => connect(address, database, options, settings);
  let pool = open();
  let own = alongside(pool, 'customers replica state');
  let state: State | null = null;
  let [reads, closed] = [0, false];
  const { promise: ready, resolve: answered } = Promise.withResolvers<void>();

  async function ask(): Promise<void> {
    const [answer] = await within(patience, runner(own)<Answer>(stateText, []));
    const { standby, replayed, timeline } = answer!;
    state = { standby, replayed: readPosition(replayed ?? '') ?? 0, timeline };
    answered();
  }

  // Reads that wait for a hung server fail by this, and run elsewhere.
  function renew(): void {
    for (const sql of [own, pool]) sql.end({ timeout: 0 }).catch(() => {});
    pool = open();
    own = alongside(pool, 'customers replica state');
  }

  async function go(): Promise<void> {
    while (!closed) {
      try {
        await ask();
        await Bun.sleep(interval);
      } catch (error) {
        if (closed) return;
        state = null;
        if (error === silent) renew();
        await Bun.sleep(pause);
      }
    }
  }
  const gone = go();

  return {
    name: `${address.host}:${address.port}`,
    ready,
    state: () => state,
    full: () => pool.admission?.full() ?? false,
    busy: () => reads,
    async read(read) {
      const sql = pool;
      reads += 1;
      try {
        const found = await read(sql);
        // PostgreSQL reports its promotion before it answers the first statement after it.
        const { in_hot_standby } = sql.parameters as { in_hot_standby?: string };
        if (in_hot_standby === 'on') return found;
        if (state) state = { ...state, standby: false };
        throw new Unfit('It is no standby.');
      } catch (error) {
        if (isFinal(error)) throw error;
        if (isLost(error)) state = null;
        throw new Unfit((error as Error).message, { cause: error });
      } finally {
        reads -= 1;
      }
    },
    async close() {
      closed = true;
      await Promise.all([own.end({ timeout: 1 }), pool.end({ timeout: 1 })]);
      await gone;
    },
  };
}

/** Whether the primary would fail the same way: the read took too long, the client is gone, or a value is invalid. */
function isFinal(error: unknown): boolean {
  if (error instanceof Problem) return error !== busy && error !== silent;
  const { code = '' } = error as { code?: string };
  return code === '57014' || code.startsWith('22');
}
