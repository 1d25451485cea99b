import { type CustomerPatch, incompleteAddress, type NewCustomer } from '../contract/writes.ts';
import type { Run } from '../server/database.ts';
import createText from '../sql/optimized/create.sql' with { type: 'text' };
import deleteText from '../sql/optimized/delete.sql' with { type: 'text' };
import lockText from '../sql/optimized/lock.sql' with { type: 'text' };
import repeatedText from '../sql/optimized/repeated.sql' with { type: 'text' };
import updateText from '../sql/optimized/update.sql' with { type: 'text' };

// Writes of customers, each as one statement.

/** Creates a customer with its parts; returns its id, and the changes. */
export async function create(run: Run, { address, relationship, ...customer }: NewCustomer) {
  const [row] = await run<{ id: number; changes: string }>(createText, [
    customer.first_name,
    customer.last_name,
    customer.gender ?? null,
    customer.customer_id ?? null,
    customer.phone_number ?? null,
    customer.birthday ?? null,
    address != null,
    address?.country ?? null,
    address?.city ?? null,
    address?.city_code ?? null,
    address?.street ?? null,
    address?.street_number ?? null,
    relationship != null,
    relationship?.points ?? null,
    relationship?.last_activity ?? null,
  ]);
  return { id: String(row!.id), changes: row!.changes };
}

/** The changes of a transaction that may not have reached this server yet. */
export async function changesOf(run: Run, xid: string): Promise<string> {
  const [row] = await run<{ changes: string }>(repeatedText, [xid]);
  return row!.changes;
}

/** Locks a customer and its parts until the transaction ends: what is compared now is what is changed then. */
export const lock = (run: Run, id: string) => run(lockText, [id]);

/** Applies a merge patch; returns the changes, null if there is no such customer. Throws a 422 if the address would be incomplete. */
export async function update(run: Run, id: string, patch: CustomerPatch): Promise<string | null> {
  const [row] = await run<{ is_there: boolean; missing: string[]; changes: string }>(updateText, [
    id,
    JSON.stringify(patch),
  ]);
  if (row!.missing.length > 0) throw incompleteAddress(row!.missing);
  return row!.is_there ? row!.changes : null;
}

/** Deletes a customer with its parts; returns the changes, null if there is no such customer. */
export async function remove(run: Run, id: string): Promise<string | null> {
  const [row] = await run<{ is_there: boolean; changes: string }>(deleteText, [id]);
  return row!.is_there ? row!.changes : null;
}
