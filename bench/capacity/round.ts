import { connectTo } from '../../src/server/connection.ts';
import { contestants } from '../compare/rounds.ts';
import { shapes } from '../generate/mix.ts';
import { mixedRequests } from '../generate/mixed.ts';
import { runK6, writeList } from '../load/run.ts';
import { databaseProcess, family } from '../processes.ts';
import { quieten } from '../quiet.ts';
import type { Contestant } from '../report/results.ts';
import { type GeneratedRequest, listPath } from '../requests.ts';
import { type RunningServer, startServer } from '../servers.ts';
import type { Stage } from '../stage.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { climb } from './climb.ts';
import { type Sample, watch } from './watch.ts';

/** Requests of all shapes, or without the searches, for which the naive server needs seconds. */
export type Mix = 'all' | 'lists';

/** A constant rate for some seconds, on a new server. */
export interface Step {
  /** Requests due per second. */
  rate: number;
  /** Start and end on the time axis of the samples. */
  from: number;
  to: number;
  /** Requests that were due. */
  due: number;
  /** Due requests answered as expected within the limit. */
  inTime: number;
  /** Due requests not sent because too many were waiting; unanswered at the end; answered with an error. */
  dropped: number;
  cutOff: number;
  failed: number;
  /** Milliseconds, of the answered requests; 0 if there are none. */
  p50: number;
  p95: number;
  p99: number;
  kept: boolean;
}

export interface CapacityRound {
  mix: Mix;
  contestant: Contestant;
  round: number;
  /** The promise: 99 of 100 requests are answered within this many milliseconds. */
  limit: number;
  /** The highest rate that kept it; 0 for none. */
  capacity: number;
  steps: Step[];
  samples: Sample[];
}

export interface CapacityPlan {
  limit: number;
  /** Of each step; at low rates it lasts until a dozen requests are sent, at most 20 s. */
  seconds: number;
  steps: number;
  /** Seconds to wait for the last answers of a step. */
  grace: number;
}

const promised = 0.99;
const firstRates: Record<Mix, Record<Contestant, number>> = {
  all: { naive: 1, optimized: 128, cached: 256 },
  lists: { naive: 4, optimized: 128, cached: 256 },
};
/** Lower rates send too few requests for a meaningful result. */
export const leastRate = 0.5;

/** The requests of a mix, in an order that depends on the seed. */
export function requestsOfMix(mix: Mix, seed: number, vocabulary: Vocabulary): GeneratedRequest[] {
  const slow = new Set(shapes.filter((shape) => shape.slow).map(({ name }) => name));
  return mixedRequests(seed, vocabulary, 20_000).filter(({ shape }) => mix === 'all' || !slow.has(shape));
}

/** Measures how many requests a second a server sustains while it keeps its promise. */
export async function capacityRound(
  { environment, services, db }: Stage,
  k6: string,
  turn: { mix: Mix; contestant: Contestant; round: number },
  requests: GeneratedRequest[],
  plan: CapacityPlan & { start?: number },
  onStep: (rate: number) => void,
): Promise<CapacityRound> {
  const { room, environment: own } = contestants[turn.contestant];
  const admin = connectTo({ ...services.postgres, database: 'postgres' });
  const list = await writeList(requests);
  const database = await databaseProcess(admin);
  let server: RunningServer | null = null;
  let generator: number | null = null;
  const watched = watch({
    server: () => (server ? [server.pid] : []),
    database: () => (database ? family(database) : []),
    generator: () => (generator ? [generator] : []),
  });
  const giveUp = () => quieten(admin, `${db}_${room}`);
  const steps: Step[] = [];
  let offset = 0;

  const step = async (rate: number): Promise<boolean> => {
    onStep(rate);
    const seconds = Math.max(plan.seconds, Math.min(20, Math.ceil(12 / rate)));
    server = await startServer(room, { ...environment, ...own });
    await warmUp(server.base, requests, giveUp);
    const from = watched.second();
    const settings = { BASE: server.base, LIST: list, RATE: rate, SECONDS: seconds, OFFSET: offset };
    const all = { ...settings, LIMIT: plan.limit, GRACE: plan.grace };
    const strings = Object.entries(all).map(([name, value]) => [name, `${value}`]);
    const result = await runK6(k6, 'steady', Object.fromEntries(strings), (pid) => {
      generator = pid;
    });
    generator = null;
    server.assertAlive();
    const { latency, cutOff, dropped, inTime } = result;
    const due = latency.count + cutOff + dropped;
    offset += due;
    const kept = inTime >= promised * due;
    const failed = Math.round(result.failed * latency.count);
    const { p50, p95, p99 } = latency;
    steps.push({
      rate,
      from,
      to: watched.second(),
      due,
      inTime,
      dropped,
      cutOff,
      failed,
      p50,
      p95,
      p99,
      kept,
    });
    await server.stop();
    server = null;
    // Statements of cut-off requests still run and would slow down the next step.
    if (!kept) await giveUp();
    return kept;
  };

  try {
    const start = plan.start ?? firstRates[turn.mix][turn.contestant];
    const capacity = await climb({ start, least: leastRate, steps: plan.steps }, step);
    return { ...turn, limit: plan.limit, capacity, steps, samples: watched.samples };
  } finally {
    watched.stop();
    await (server as RunningServer | null)?.stop();
    await admin.end({ timeout: 5 });
    await Bun.file(list).delete();
  }
}

/**
 * Opens the connections and prepares the statements with up to a second of requests, eight at a time. After five seconds
 * the unanswered ones are given up: with millions of customers the naive server would take a minute.
 */
async function warmUp(
  base: string,
  requests: GeneratedRequest[],
  giveUp: () => Promise<void>,
): Promise<void> {
  const until = performance.now() + 1_000;
  let next = 0;
  const user = async () => {
    while (performance.now() < until && next < 400) {
      // From the end of the list, which no step reaches, so that no measured request is cached beforehand.
      const { path } = requests[requests.length - 1 - next++] ?? { path: listPath };
      await (await fetch(base + path)).arrayBuffer();
    }
  };
  const users = Promise.all(Array.from({ length: 8 }, user));
  const late = await Promise.race([users.then(() => false), Bun.sleep(5_000).then(() => true)]);
  if (late) await giveUp();
  await users;
}
