import { closedLoop, type Loop } from '../client/closed-loop.ts';
import { type Call, call } from '../client/wire.ts';
import { countPaths, type PathCounts } from '../latency/access-path.ts';
import { type Latency, latency } from '../latency/measure.ts';
import { type Verdict, verdict } from './goals.ts';
import type { Shape } from './shape.ts';

export interface Slow {
  ms: number;
  path: string;
}

export interface MeasuredShape extends Omit<Shape, 'paths'>, Verdict {
  /** Latency of the answers with the expected status; null without any. */
  latency: Latency | null;
  /** Such answers a second. */
  rate: number;
  /** How many failed, and one request for each reason. */
  failures: number;
  failed: { path: string; why: string }[];
  /** The slowest request first; each path once. */
  slowest: Slow[];
  /** The access paths of the answers, as far as the server reports them. */
  accessPaths: PathCounts;
}

const keptSlow = 5;
/** Warm-up requests per user: each connection plans a new statement once. No figure includes them. */
const warmUp = 4;

/** Measures one shape by a closed loop on the server at `base`. */
export const measureShape = (base: string, { paths, ...shape }: Shape, loop: Loop): Promise<MeasuredShape> =>
  measureCalls(
    base,
    shape,
    paths.map((path) => call(path)),
    loop,
  );

/** The same with calls that may expect a status other than 200. */
export async function measureCalls(
  base: string,
  shape: Omit<Shape, 'paths'>,
  calls: Call[],
  loop: Loop,
): Promise<MeasuredShape> {
  await closedLoop(base, calls, { users: loop.users, requests: warmUp * loop.users, seconds: 2 });
  const { samples, failures, seconds } = await closedLoop(base, calls, loop);
  const measured = samples.length > 0 ? latency(samples.map(({ ms }) => ms)) : null;
  const path = (one: { call: number }) => calls[one.call]!.name;
  const slow = samples.toSorted((a, b) => b.ms - a.ms).map((one) => ({ ms: one.ms, path: path(one) }));
  const failed = failures.map((one) => ({ path: path(one), why: one.why }));
  return {
    ...shape,
    ...verdict(shape.goal, measured, failures.length),
    latency: measured,
    rate: samples.length / seconds,
    failures: failures.length,
    failed: onceEach(failed, ({ why }) => why),
    slowest: onceEach(slow, (one) => one.path).slice(0, keptSlow),
    accessPaths: countPaths(samples.map(({ accessPath }) => accessPath)),
  };
}

function onceEach<T>(items: T[], by: (item: T) => string): T[] {
  const seen = new Set<string>();
  return items.filter((item) => !seen.has(by(item)) && seen.add(by(item)));
}
