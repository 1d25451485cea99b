import { mkdir } from 'node:fs/promises';
import { Stop } from '../../src/cli/command.ts';
import { findK6 } from '../../src/services/k6.ts';
import { startChild } from '../children.ts';
import type { Latency } from '../latency/measure.ts';
import type { GeneratedRequest } from '../requests.ts';

/** Figures of k6 for one shape or for all. Milliseconds; `failed` is a share. */
export interface Measured {
  latency: Latency;
  failed: number;
}

export interface LoadResult extends Measured {
  /** Duration of the whole run, including the wait for the last answers. */
  seconds: number;
  /** Answers a second, including failed ones. */
  rate: number;
  /** Requests unanswered after the duration and the grace period. They are in no other figure. */
  cutOff: number;
  /** Requests that were due but not sent, because every user was still waiting; only at a constant rate. */
  dropped: number;
  /** Requests answered as expected within the limit; only at a constant rate. */
  inTime: number;
  shapes: Record<string, Measured>;
  /** The thresholds that were crossed, as k6 writes them: `p(95)<1000`. */
  crossed: string[];
}

export type Scenario = 'seed' | 'mixed' | 'steady';

interface Summary {
  state: { testRunDurationMs: number };
  metrics: Record<string, { values: Record<string, number>; thresholds?: Record<string, { ok: boolean }> }>;
}

/** The path of k6. Throws Stop if there is none. */
export async function neededK6(): Promise<string> {
  const k6 = await findK6();
  if ('missing' in k6) throw new Stop(k6.missing);
  return k6.path;
}

let files = 0;

/** Absolute path of a new file for k6 to read or write, because k6 runs in another folder. */
async function newFile(): Promise<string> {
  await mkdir('.data/load', { recursive: true });
  return `${process.cwd()}/.data/load/${process.pid}-${++files}.json`;
}

/** Writes requests to a file for `LIST` and returns its path. */
export async function writeList(requests: GeneratedRequest[]): Promise<string> {
  const file = await newFile();
  await Bun.write(file, JSON.stringify(requests));
  return file;
}

/**
 * Runs a scenario against `settings.BASE` and returns its figures; see the scripts for the other settings. Throws Stop with
 * k6's last line if it cannot run. A crossed threshold is a result, not an error. `onStart` receives k6's process id.
 */
export async function runK6(
  k6: string,
  scenario: Scenario,
  settings: Record<string, string>,
  onStart: (pid: number) => void = () => {},
): Promise<LoadResult> {
  const file = await newFile();
  const variables = Object.entries({ ...settings, OUT: file }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  // An empty address: else k6 opens a fixed port, on which two concurrent runs would collide.
  const child = startChild(
    [k6, 'run', '--quiet', '--address', '', ...variables, `bench/load/${scenario}.ts`],
    {
      environment: { K6_NO_USAGE_REPORT: 'true' },
    },
  );
  onStart(child.pid);
  const code = await child.exited;
  const summary = Bun.file(file);
  if (!(await summary.exists())) {
    throw new Stop(`k6 ended without figures (exit code ${code}): ${child.lastLines(1).join('')}`);
  }
  const result = read((await summary.json()) as Summary);
  await summary.delete();
  return result;
}

function read({ state, metrics }: Summary): LoadResult {
  const seconds = state.testRunDurationMs / 1000;
  const shapes: Record<string, Measured> = {};
  for (const name of Object.keys(metrics)) {
    const shape = /^http_req_duration\{shape:(.*)\}$/.exec(name)?.[1];
    const one = shape && measured(metrics, `{shape:${shape}}`);
    if (one) shapes[shape] = one;
  }
  const crossed = Object.values(metrics).flatMap(({ thresholds = {} }) =>
    Object.keys(thresholds).filter((threshold) => !thresholds[threshold]!.ok),
  );
  const counted = (name: string) => metrics[name]?.values.count ?? 0;
  const all = measured(metrics, '') ?? (counted('sent') > 0 ? noAnswer : null);
  if (!all) throw new Stop('k6 sent no request: is a server running at the given address?');
  const { count } = all.latency;
  const cutOff = metrics.sent ? counted('sent') - count : 0;
  const [dropped, inTime] = [counted('dropped_iterations'), counted('in_time')];
  return { ...all, seconds, rate: count / seconds, cutOff, dropped, inTime, shapes, crossed };
}

/** Every request sent was cut off. */
const noAnswer: Measured = {
  latency: { count: 0, min: 0, p50: 0, mean: 0, p95: 0, p99: 0, max: 0 },
  failed: 0,
};

/** Null if no request was answered. */
function measured(metrics: Summary['metrics'], tag: string): Measured | null {
  const values = metrics[`http_req_duration${tag}`]?.values;
  if (!values?.count) return null;
  const { count, min, med, avg, max } = values as Record<'count' | 'min' | 'med' | 'avg' | 'max', number>;
  const latency = { count, min, p50: med, mean: avg, p95: values['p(95)']!, p99: values['p(99)']!, max };
  return { latency, failed: metrics[`http_req_failed${tag}`]?.values.rate ?? 0 };
}
