import { median } from '../statistics.ts';

/** Two contestants, and what the figure of the first has to be as a multiple of the second's. */
export interface Comparison {
  question: string;
  ours: string;
  other: string;
  /** `rate`: answers a second; `p50`: milliseconds; `cpu`: processor time of the server for an answer. */
  figure: 'rate' | 'p50' | 'cpu';
  atLeast?: number;
  atMost?: number;
}

/** What one contestant reached in one round. */
export interface Turn {
  contestant: string;
  round: number;
  rate: number;
  p50: number;
  p99: number;
  /** µs of processor time for each answer: of the server, of PostgreSQL and of the client; null where unknown. */
  cpu: number | null;
  database: number | null;
  client: number;
}

export interface Ratio extends Comparison {
  /** The median of the rounds' ratios; null where a contestant is missing. */
  ratio: number | null;
  rounds: number[];
  /** Null where there is no goal, or nothing to compare. */
  holds: boolean | null;
}

/** Compares within each round, where both had the same machine, and takes the median. */
export function ratioOf(comparison: Comparison, turns: readonly Turn[]): Ratio {
  const { ours, other, figure, atLeast = Number.NEGATIVE_INFINITY, atMost } = comparison;
  const of = (contestant: string) => turns.filter((turn) => turn.contestant === contestant);
  const rounds = of(ours).flatMap((turn) => {
    const against = of(other).find(({ round }) => round === turn.round);
    const [mine, theirs] = [turn[figure], against?.[figure] ?? null];
    return mine === null || theirs === null ? [] : [mine / theirs];
  });
  if (rounds.length === 0) return { ...comparison, ratio: null, rounds, holds: null };
  const ratio = median(rounds);
  const judged = comparison.atLeast !== undefined || atMost !== undefined;
  const holds = judged ? ratio >= atLeast && ratio <= (atMost ?? Number.POSITIVE_INFINITY) : null;
  return { ...comparison, ratio, rounds, holds };
}
