import type { Column } from '../../src/contract/columns.ts';
import { listReader } from '../../src/contract/list.ts';
import { renderer } from '../../src/optimized/listing/json.ts';
import { listing } from '../../src/optimized/listing/listing.ts';

// The columns that lists of orders filter and sort by. Parameters, indexes, statements and cache derive from them.

const columns = {
  placed: { type: 'timestamptz', filters: { placed_after: 'from', placed_before: 'to' } },
  delivered: { type: 'date', filters: { delivered_after: 'from', delivered_before: 'to' } },
  amount: { type: 'integer', filters: { min_amount: 'from', max_amount: 'to' } },
  status: { type: 'text', filters: { status: 'equals' }, values: ['new', 'paid', 'sent', 'returned'] },
  customer: { type: 'text', filters: { customer: 'contains' } },
  note: { type: 'text', filters: { note: 'contains', has_note: 'present' } },
} as const satisfies Record<string, Column>;

const sorts = {
  placed: ['placed'],
  delivered: ['delivered'],
  amount: ['amount'],
  customer: ['customer'],
  status: ['status', 'customer'],
} as const satisfies Record<string, readonly (keyof typeof columns)[]>;

export const orders = listing({ table: 'order_list', columns, sorts, sortedBy: 'placed', numbers: [] });

/** Reads the parameters of a list of orders; throws a 422 that names every fault. */
export const readOrders = listReader(columns, sorts, 'placed');

/** Renders an order. */
export const render = renderer(orders, ['id', ...Object.keys(columns)]);
