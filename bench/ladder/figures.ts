import { median } from '../statistics.ts';
import type { Asked, RungResult } from './result.ts';

/** The median of the rounds' medians; milliseconds. */
export const p50 = ({ rounds }: Asked) => median(rounds.map((round) => round.p50));

export const faster = ({ asked }: RungResult['cases'][number]) => p50(asked.before) / p50(asked.after);

/** The additional costs of `after` over `before`; null if there is nothing to compare. */
export function price({ costs: { before, after } }: RungResult) {
  const middle = (values: number[]) => (values.length > 0 ? median(values) : 0);
  const grown = (a: number | null, b: number | null) => (a === null || b === null ? null : b - a);
  const disk = grown(before.diskBytes, after.diskBytes);
  return {
    /** Milliseconds. */
    build: middle(after.build) - middle(before.build),
    diskBytes: disk === 0 ? null : disk,
    /** Ratio of the times to insert a thousand customers. */
    writes: after.writes.length > 0 ? middle(after.writes) / middle(before.writes) : null,
    memoryBytes: grown(before.memoryBytes, after.memoryBytes),
  };
}
