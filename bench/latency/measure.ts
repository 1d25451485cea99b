import { measure as measured } from 'mitata';
import { quantile } from '../statistics.ts';

/** Milliseconds, of `count` samples. */
export interface Latency {
  count: number;
  min: number;
  p50: number;
  mean: number;
  p95: number;
  p99: number;
  max: number;
  histogram?: Histogram;
}

/** Number of samples between 10^(n/10) and 10^((n+1)/10) ms, starting at n = `first`. */
export interface Histogram {
  first: number;
  counts: number[];
}

/**
 * Measures `call` with mitata, one call at a time, for about `budget` milliseconds, in whole rounds of `cycle` calls. The
 * first round shows the cost of a call and is discarded as warm-up. If it took a second and the whole budget, it is the
 * result: measuring an eight-second search for minutes gains nothing.
 */
export async function measure(call: () => Promise<unknown>, budget: number, cycle = 1): Promise<Latency> {
  const first = await samplesOf(call, cycle);
  const total = first.reduce((sum, sample) => sum + sample, 0);
  if (total >= Math.max(1_000, budget)) return latency(first);
  const rounds = Math.max(1, Math.ceil(budget / total));
  if (rounds < 4) return latency(await samplesOf(call, rounds * cycle));
  // Warm calls are often many times faster: a quarter of the budget measures their cost and is warm-up too.
  const warm = await samplesOf(call, Math.ceil(rounds / 4) * cycle);
  const cost = warm.reduce((sum, sample) => sum + sample, 0) / warm.length;
  return latency(await samplesOf(call, Math.ceil(Math.min(2_000, budget / cost) / cycle) * cycle));
}

/**
 * Milliseconds of `count` calls. mitata's own limits (12 samples, 642 ms) do not fit: a slow server would get other
 * requests of a cycle than a fast one.
 */
async function samplesOf(call: () => Promise<unknown>, count: number): Promise<number[]> {
  let first = true;
  const stats = await measured(
    () => {
      if (!first) return call();
      // Replaces mitata's redundant warm-up call. A shorter sleep would be taken for a micro-operation.
      first = false;
      return Bun.sleep(2);
    },
    // samples_threshold: by default mitata drops the two fastest and slowest samples, which matter here.
    { min_samples: count, max_samples: count, min_cpu_time: 0, samples_threshold: Number.POSITIVE_INFINITY },
  );
  return stats.samples.map((nanoseconds) => nanoseconds / 1e6);
}

/** `samples` in milliseconds, at least one. Percentiles are nearest-rank. */
export function latency(samples: number[]): Latency {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => quantile(sorted, share);
  const sum = sorted.reduce((total, sample) => total + sample, 0);
  return {
    count: sorted.length,
    min: sorted[0]!,
    p50: at(0.5),
    mean: sum / sorted.length,
    p95: at(0.95),
    p99: at(0.99),
    max: sorted.at(-1)!,
    histogram: histogram(sorted),
  };
}

function histogram(sorted: number[]): Histogram {
  const bins = sorted.map((sample) => Math.floor(Math.log10(Math.max(sample, 1e-6)) * 10));
  const first = bins[0]!;
  const counts = Array.from({ length: bins.at(-1)! - first + 1 }, () => 0);
  for (const bin of bins) counts[bin - first]! += 1;
  return { first, counts };
}

export interface Answer {
  headers: Headers;
  body: ArrayBuffer;
}

/** Reads an answer to its end. Throws at any other status, because a fast error is not a measurement. */
export async function answerOf(url: string, status = 200, init?: RequestInit): Promise<Answer> {
  // `timeout: false` lifts the limit of five minutes: a search of millions of customers may take longer.
  const answer = await fetch(url, { ...init, timeout: false } as RequestInit);
  const body = await answer.arrayBuffer();
  if (answer.status === status) return { headers: answer.headers, body };
  const start = new TextDecoder().decode(body).slice(0, 200);
  throw new Error(`${init?.method ?? 'GET'} ${url} answered ${answer.status}, expected ${status}: ${start}`);
}

/** The body alone. */
export const get = async (...request: Parameters<typeof answerOf>): Promise<ArrayBuffer> =>
  (await answerOf(...request)).body;
