import type { ListRequest } from '../contract/list.ts';
import type { Condition } from './conditions.ts';

// What each way to a page would cost, in microseconds, as measured on seeded data with 3 million customers in memory
// (docs/costs.md). Only their order matters.

const perWalked = 0.65;
const perCollected = 3;
const perScanned = 0.4;
const perValue = 15;
const start = 300;

/** The costs of the three ways to `rows` rows; Infinity for a way that cannot answer the request. */
export function costs(found: Condition[], total: number, rows: number, request: ListRequest) {
  const inside = found.filter(({ bounds }) => bounds !== request.sort);
  const share = inside.reduce((product, condition) => product * condition.share, 1);
  const walked = Math.min(total, rows / Math.max(share, 1e-9));
  const indexed = found.filter((condition) => condition.indexed);
  const matches = total * Math.min(1, ...indexed.map((condition) => condition.share));
  const collect = indexed.length > 0 ? start + matches * perCollected : start + total * perScanned;
  const walk = walked * perWalked * (inside.length > 0 ? 1 : 0.5);
  const [only] = found;
  const mergeable = found.length === 1 && only?.part && request.sort === 'created';
  const merge = mergeable ? start + only.part!.values * (perValue + rows) : Number.POSITIVE_INFINITY;
  return { walk, collect, merge };
}
