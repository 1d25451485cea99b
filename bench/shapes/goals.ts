import type { Latency } from '../latency/measure.ts';
import type { Stage } from '../stage.ts';

/** The most that a shape may take, in milliseconds. */
export interface Goal {
  p50?: number;
  p99?: number;
  max?: number;
}

/** Each sort; each single filter and one word in the default order. */
export const simple: Goal = { p50: 3, p99: 25 };
/** Filters and words with another sort, and several at once. */
export const joined: Goal = { p50: 10, p99: 50 };
/** Any request. */
export const anything: Goal = { p99: 100, max: 1_000 };

/** A goal on customers of a profile: except on the default one, simple requests get the goal of the joined ones. */
export const goalOn = (data: Stage['data'], goal: Goal): Goal =>
  data !== 'default' && goal === simple ? joined : goal;

export interface Verdict {
  holds: boolean;
  /** The figures beyond their limits: `p99 31.2 > 25`. */
  missed: string[];
}

/** Whether `latency` is within `goal` and nothing failed. Without a single answer nothing holds. */
export function verdict(goal: Goal, latency: Latency | null, failures: number): Verdict {
  const missed = failures > 0 ? [`${failures} failed`] : [];
  if (!latency) missed.push('no answer');
  for (const figure of ['p50', 'p99', 'max'] as const) {
    const limit = goal[figure];
    // Not rounded before it is compared: 25.04 is more than 25.
    if (latency && limit !== undefined && latency[figure] > limit)
      missed.push(`${figure} ${latency[figure].toPrecision(4)} > ${limit}`);
  }
  return { holds: missed.length === 0, missed };
}

export const describeGoal = (goal: Goal): string =>
  Object.entries(goal)
    .map(([figure, limit]) => `${figure} ≤ ${limit}`)
    .join(', ');
