import { type Latency, measure } from '../latency/measure.ts';
import type { Case, Target } from './case.ts';
import count from './count.ts';
import create from './create.ts';
import deepPage from './deep-page.ts';
import filter from './filter.ts';
import firstPage from './first-page.ts';
import oneCustomer from './one-customer.ts';
import search from './search.ts';
import sort from './sort.ts';

/** Every micro-benchmark by the name it has on the command line. */
export const cases: Record<string, Case> = {
  'first-page': firstPage,
  'deep-page': deepPage,
  filter,
  count,
  search,
  sort,
  'one-customer': oneCustomer,
  create,
};

/**
 * Milliseconds of `budget` for the measured part alone; a slow call is made once to warm up and once measured. `around`
 * is put around each call.
 */
export async function runCase(
  one: Case,
  target: Target,
  budget: number,
  around = (call: () => Promise<unknown>) => call,
): Promise<Latency> {
  const steps = one.measured(target);
  const { value: call } = await steps.next();
  if (!call) throw new Error(`"${one.question}" yields nothing to measure`);
  const latency = await measure(around(call), budget);
  await steps.next();
  return latency;
}
