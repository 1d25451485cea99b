import { readHeader } from '../contract/headers.ts';
import { Problem } from '../contract/problem.ts';
import type { NewCustomer } from '../contract/writes.ts';
import claimText from '../sql/idempotency/claim.sql' with { type: 'text' };
import keepText from '../sql/idempotency/keep.sql' with { type: 'text' };
import keptText from '../sql/idempotency/kept.sql' with { type: 'text' };
import type { Run } from './database.ts';

// Creates that may be sent again (draft-ietf-httpapi-idempotency-key-header): the key and the answer are stored in the
// transaction that creates the customer. A repeat that comes meanwhile waits for the end of that transaction and gets
// its answer, where the draft has a 409 at once: a create takes milliseconds, and the client would only ask again.

/** The key of a request, without its quotes; null where it has none. Throws a 400 for a malformed one. */
export const readKey = (request: Request): string | null =>
  readHeader(request, 'Idempotency-Key')?.replaceAll('"', '') ?? null;

/** A customer's id and JSON text, as a create answers them. */
export interface Created {
  id: string;
  body: string;
}

/** The same of a create that was sent before; `xid` is the transaction that it was made in. */
export interface Repeated extends Created {
  xid: string;
}

interface Kept {
  id: number;
  body: string;
  xid: string;
  is_same: boolean;
}

/**
 * Creates a customer under a key, or answers what was created under it within the last day. `run` is that of a
 * transaction, which `create` works in as well; where it fails, the key is free again. Throws a 422 where the key was
 * used for another customer, and lock_not_available after 2 s of waiting.
 */
export async function once<T extends Created>(
  run: Run,
  key: string,
  customer: NewCustomer,
  create: () => Promise<T>,
): Promise<T | Repeated> {
  const request = JSON.stringify(customer);
  const [claimed] = await run(claimText, [key, request]);
  if (claimed) {
    const made = await create();
    await run(keepText, [key, made.id, made.body]);
    return made;
  }
  const [kept] = await run<Kept>(keptText, [key, request]);
  const { id, body, xid, is_same } = kept!;
  if (is_same) return { id: String(id), body, xid };
  throw new Problem(422, 'This Idempotency-Key was used for another customer within the last day.', {
    errors: [{ parameter: 'Idempotency-Key', message: 'must be a new one for each customer' }],
  });
}
