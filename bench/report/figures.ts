import type { CapacityRound, Mix } from '../capacity/round.ts';
import { byFrequency } from '../latency/access-path.ts';
import { median } from '../statistics.ts';
import type { Contestant, LatencyRound, LoadRound, Results } from './results.ts';
import { bound, times } from './words.ts';

// The figures of the table, the plots and the cards. A figure is the median of its rounds.

export const names: Record<Contestant, string> = {
  naive: 'naive',
  optimized: 'optimized, no cache',
  cached: 'optimized, cached',
};
export const contestants = Object.keys(names) as Contestant[];

export interface LatencyFigure {
  name: string;
  contestant: Contestant;
  /** Milliseconds. */
  p50: number;
  p95: number;
  p99: number;
  /** Whether requests were cut off at a limit. The times are then lower bounds. */
  cutOff: boolean;
  samples: number;
  queries: number | null;
  /** The access paths that the server took, the most frequent first; empty if not recorded. */
  paths: string[];
  rounds: LatencyRound[];
}

/** The latencies of a shape or micro-benchmark by contestant, without those not measured. */
export function latencyFigures(
  results: Pick<Results, 'latencies'>,
  kind: LatencyRound['kind'],
  name: string,
): LatencyFigure[] {
  return contestants.flatMap((contestant) => {
    const rounds = results.latencies.filter(
      (round) => round.kind === kind && round.name === name && round.contestant === contestant,
    );
    if (rounds.length === 0) return [];
    const of = (figure: 'p50' | 'p95' | 'p99') => median(rounds.map(({ latency }) => latency[figure]));
    const samples = rounds.reduce((sum, { latency }) => sum + latency.count, 0);
    const { queries } = rounds[0]!;
    const cutOff = rounds.some((round) => (round.cutOff ?? 0) > 0);
    const times = { p50: of('p50'), p95: of('p95'), p99: of('p99') };
    const paths = byFrequency(rounds.map((round) => round.paths ?? {}));
    return [{ name, contestant, ...times, cutOff, samples, queries, paths, rounds }];
  });
}

/**
 * How many times faster than the naive server's median; a lower bound if the naive server was cut off. Null if either is
 * missing, or if `contestant` was cut off.
 */
export function ratio(figures: LatencyFigure[], contestant: Contestant): number | null {
  const of = (who: Contestant) => figures.find((figure) => figure.contestant === who);
  const [naive, other] = [of('naive'), of(contestant)];
  return naive && other && !other.cutOff ? naive.p50 / other.p50 : null;
}

/** The same as text: 45×, or > 45× if the naive server was cut off; empty without a ratio. */
export function ratioText(figures: LatencyFigure[], contestant: Contestant): string {
  const value = ratio(figures, contestant);
  return value === null ? '' : bound(times(value), isBound(figures));
}

/** Whether the naive server was cut off in any of these, so that ratios are lower bounds. */
export const isBound = (figures: LatencyFigure[]) =>
  figures.some(({ contestant, cutOff }) => contestant === 'naive' && cutOff);

export interface LoadFigure {
  contestant: Contestant;
  users: number;
  /** Answers a second, without failed ones. */
  rate: number;
  /** Share of the requests. */
  failed: number;
  /** Requests of all rounds that were not answered in time. */
  cutOff: number;
  p50: number;
  p95: number;
  p99: number;
  /** Of the server process: highest memory in bytes, processor time in seconds; null if unknown. */
  memory: number | null;
  cpu: number | null;
  rounds: LoadRound[];
}

/** The figures of the seed document's scenario. */
export function loadFigures(results: Results): LoadFigure[] {
  return contestants.flatMap((contestant) => {
    const rounds = results.loads.filter((round) => round.contestant === contestant);
    if (rounds.length === 0) return [];
    const of = (figure: 'p50' | 'p95' | 'p99') => median(rounds.map(({ latency }) => latency[figure]));
    const usage = (figure: 'peakBytes' | 'cpuSeconds') => {
      const known = rounds.flatMap((round) => round.usage?.[figure] ?? []);
      return known.length > 0 ? median(known) : null;
    };
    return [
      {
        contestant,
        users: rounds[0]!.users,
        rate: median(rounds.map(({ rate, failed }) => rate * (1 - failed))),
        failed: median(rounds.map(({ failed }) => failed)),
        cutOff: rounds.reduce((sum, round) => sum + round.cutOff, 0),
        ...{ p50: of('p50'), p95: of('p95'), p99: of('p99') },
        ...{ memory: usage('peakBytes'), cpu: usage('cpuSeconds') },
        rounds,
      },
    ];
  });
}

export interface CapacityFigure {
  contestant: Contestant;
  /** Requests a second; 0 if the promise was kept at no rate. */
  capacity: number;
  rounds: CapacityRound[];
}

export function capacityFigures(results: Results, mix: Mix): CapacityFigure[] {
  return contestants.flatMap((contestant) => {
    const rounds = results.capacity.filter((round) => round.mix === mix && round.contestant === contestant);
    if (rounds.length === 0) return [];
    return [{ contestant, capacity: median(rounds.map(({ capacity }) => capacity)), rounds }];
  });
}

/**
 * The geometric mean of the ratios of these shapes (default: all): longer times do not give a shape more weight.
 * Null without a ratio.
 */
export function overall(
  results: Results,
  contestant: Contestant,
  shapes = results.shapes.map(({ name }) => name),
): number | null {
  const ratios = shapes.flatMap((name) => ratio(latencyFigures(results, 'shape', name), contestant) ?? []);
  if (ratios.length === 0) return null;
  return Math.exp(ratios.reduce((sum, value) => sum + Math.log(value), 0) / ratios.length);
}

/** That mean as text; null without one. */
export function overallText(results: Results, contestant: Contestant, shapes?: string[]): string | null {
  const value = overall(results, contestant, shapes);
  const asked = shapes ?? results.shapes.map(({ name }) => name);
  const cut = asked.some((name) => isBound(latencyFigures(results, 'shape', name)));
  return value === null ? null : bound(times(value), cut);
}
