import type { Stage } from '../stage.ts';
import type { MeasuredShape, Slow } from './measured.ts';
import { connectAsServer, openedReader, statementsOf } from './optimized.ts';
import { type Plan, plansOf } from './plans.ts';

export interface Explained extends Slow {
  shape: string;
  plans: Plan[];
}

/** The plans of each shape's slowest request, for the `most` shapes with the slowest ones. */
export async function explainSlowest(
  stage: Stage,
  measured: readonly MeasuredShape[],
  most: number,
): Promise<Explained[]> {
  const slow = measured
    .flatMap(({ name, slowest }) => slowest.slice(0, 1).map((one) => ({ shape: name, ...one })))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, most);
  const sql = connectAsServer(stage);
  const reader = await openedReader(sql);
  const explained: Explained[] = [];
  for (const one of slow) {
    const plans = await plansOf(sql, await statementsOf(sql, reader, one.path), { contrast: true });
    explained.push({ ...one, plans });
  }
  await sql.end();
  return explained;
}
