import { readChanges } from '../../../src/optimized/cache/change.ts';
import { concernsOf } from '../../../src/optimized/cache/concerns.ts';
import { customers } from '../../../src/optimized/columns.ts';

// Changes of customers as the database writes them, for tests without a database.

const { columns } = customers;

/** A customer as the database writes it, with these columns. */
export const written = (id: number, values: Record<string, string> = {}) => [
  [String(id), ...columns.map(({ name }) => values[name] ?? null)],
  [],
];

/** The changes in a text of the database. */
export const changesIn = (text: string) => readChanges(customers, text);

/** The parts of a cache besides its layers. */
export const parts = { concerns: concernsOf(customers), readChanges: changesIn };
