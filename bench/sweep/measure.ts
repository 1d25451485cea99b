import { closedLoop, type Loop } from '../client/closed-loop.ts';
import { call } from '../client/wire.ts';
import { latency } from '../latency/measure.ts';
import { measureShape } from '../shapes/measured.ts';
import type { Shape } from '../shapes/shape.ts';
import type { Point } from './growth.ts';
import type { Size } from './sizes.ts';

/** The most naive requests per shape: hundreds of requests of seconds each would take too long. */
const most = 20;

/**
 * Measures a shape in all sizes, in rounds. Every second round goes from the largest size to the smallest, so that other
 * work of the machine affects all sizes alike. Each figure is the mean of the rounds.
 */
export async function measureOptimized(
  sizes: readonly Size[],
  name: string,
  { rounds, loop }: { rounds: number; loop: Loop },
): Promise<Point[]> {
  const found = sizes.map(({ customers }) => ({
    customers,
    p50: [] as number[],
    p95: [] as number[],
    failed: 0,
  }));
  for (let round = 0; round < rounds; round++) {
    const order = [...sizes.keys()];
    for (const index of round % 2 === 0 ? order : order.reverse()) {
      const { optimized, shapes } = sizes[index]!;
      const { latency: times, failures } = await measureShape(optimized.base, shapes.get(name)!, loop);
      optimized.assertAlive();
      found[index]!.failed += failures;
      if (!times) continue;
      found[index]!.p50.push(times.p50);
      found[index]!.p95.push(times.p95);
    }
  }
  return found.map(({ customers, p50, p95, failed }) => {
    return { customers, p50: mean(p50), p95: mean(p95), cutOff: failed > 0 };
  });
}

const mean = (values: number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Measures the naive server, one request at a time: a single request uses both processors. The server cancels a statement
 * after `cutoff` seconds and answers 503. The shape is then not requested again, nor in a larger table.
 */
export async function measureNaive(
  sizes: readonly Size[],
  name: string,
  { seconds, cutoff }: { seconds: number; cutoff: number },
): Promise<Point[]> {
  const points: Point[] = [];
  for (const { customers, naive, shapes } of sizes) {
    const shape = shapes.get(name)!;
    // By contract the naive server has no cursors.
    if (!naive || shape.paths[0]!.includes('cursor=')) continue;
    const known = points.some(({ cutOff }) => cutOff);
    const figures = known ? null : await naiveTimes(naive.base, shape, { seconds, cutoff });
    points.push({
      customers,
      p50: figures?.p50 ?? null,
      p95: figures?.p95 ?? null,
      cutOff: figures === null,
    });
  }
  return points;
}

/** Null if a request was cut off. */
async function naiveTimes(
  base: string,
  { paths }: Shape,
  { seconds, cutoff }: { seconds: number; cutoff: number },
) {
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  for (const path of paths.slice(0, most)) {
    const { samples } = await closedLoop(base, [call(path)], { users: 1, requests: 1 });
    const ms = samples[0]?.ms ?? Number.POSITIVE_INFINITY;
    if (ms > cutoff * 1000) return null;
    times.push(ms);
    if (performance.now() > until) break;
  }
  return latency(times);
}
