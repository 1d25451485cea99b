import { median } from '../statistics.ts';

/** Two contestants, and the goal for the first one's figure as a multiple of the second's. */
export interface Comparison {
  question: string;
  ours: string;
  other: string;
  /** `rate`: answers a second; `p50`: milliseconds; `cpu`: processor time of the server per answer. */
  figure: 'rate' | 'p50' | 'cpu';
  atLeast?: number;
  atMost?: number;
}

/** The result of one contestant in one round. */
export interface Turn {
  contestant: string;
  round: number;
  rate: number;
  p50: number;
  p99: number;
  /** µs of processor time per answer: of the server, of PostgreSQL and of the client; null if unknown. */
  cpu: number | null;
  database: number | null;
  client: number;
}

export interface Ratio extends Comparison {
  /** The median of the rounds' ratios; null if a contestant is missing. */
  ratio: number | null;
  rounds: number[];
  /** Null without a goal, or without anything to compare. */
  holds: boolean | null;
}

/** Compares within each round, in which both had the same conditions, and takes the median. */
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
