import { type CustomerPatch, incompleteAddress, type NewCustomer } from '../contract/writes.ts';
import type { Run } from '../server/database.ts';
import createText from '../sql/optimized/create.sql' with { type: 'text' };
import deleteText from '../sql/optimized/delete.sql' with { type: 'text' };
import lockText from '../sql/optimized/lock.sql' with { type: 'text' };
import repeatedText from '../sql/optimized/repeated.sql' with { type: 'text' };
import updateText from '../sql/optimized/update.sql' with { type: 'text' };

/** Creates a customer with its parts; answers its id, and what was changed. */
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

/** What a transaction has changed, as far as this server may not know of it yet. */
export async function changesOf(run: Run, xid: string): Promise<string> {
  const [row] = await run<{ changes: string }>(repeatedText, [xid]);
  return row!.changes;
}

/** Holds a customer and its parts until the transaction ends: what is compared now is what is changed then. */
export const lock = (run: Run, id: string) => run(lockText, [id]);

/** Applies a merge patch; answers what was changed, null where there is no such customer. Throws a 422 for an address left incomplete. */
export async function update(run: Run, id: string, patch: CustomerPatch): Promise<string | null> {
  const [row] = await run<{ is_there: boolean; missing: string[]; changes: string }>(updateText, [
    id,
    JSON.stringify(patch),
  ]);
  if (row!.missing.length > 0) throw incompleteAddress(row!.missing);
  return row!.is_there ? row!.changes : null;
}

/** Deletes a customer with its parts; answers what was changed, null where there is none. */
export async function remove(run: Run, id: string): Promise<string | null> {
  const [row] = await run<{ is_there: boolean; changes: string }>(deleteText, [id]);
  return row!.is_there ? row!.changes : null;
}
