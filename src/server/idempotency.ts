import { readHeader } from '../contract/headers.ts';
import { Problem } from '../contract/problem.ts';
import type { NewCustomer } from '../contract/writes.ts';
import claimText from '../sql/idempotency/claim.sql' with { type: 'text' };
import keepText from '../sql/idempotency/keep.sql' with { type: 'text' };
import keptText from '../sql/idempotency/kept.sql' with { type: 'text' };
import type { Run } from './database.ts';

// Creates that may be repeated (draft-ietf-httpapi-idempotency-key-header): key and response are stored in the
// transaction that creates the customer. A concurrent repeat waits for the end of that transaction and gets its
// response. The draft has a 409 at once; but a create takes milliseconds, and the client would only retry.

/** The key of a request, without quotes; null if it has none. Throws a 400 if malformed. */
export const readKey = (request: Request): string | null =>
  readHeader(request, 'Idempotency-Key')?.replaceAll('"', '') ?? null;

/** A customer's id and JSON text, as a create returns them. */
export interface Created {
  id: string;
  body: string;
}

/** The result of an earlier create with the same key; `xid` is its transaction. */
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
 * Creates a customer under a key, or returns the one created under it within the last day. `run` and `create` share a
 * transaction; if it fails, the key is free again. Throws a 422 if the key was used for another customer, and
 * lock_not_available after waiting 2 s.
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
