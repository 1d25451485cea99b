import type { Address } from '../contract/customer.ts';
import { type CustomerPatch, incompleteAddress, type NewCustomer } from '../contract/writes.ts';
import type { Run } from '../server/database.ts';
import addressUsersText from '../sql/naive/address_users.sql' with { type: 'text' };
import deleteAddressText from '../sql/naive/delete_address.sql' with { type: 'text' };
import deleteCustomerText from '../sql/naive/delete_customer.sql' with { type: 'text' };
import deleteRelationshipText from '../sql/naive/delete_relationship.sql' with { type: 'text' };
import insertAddressText from '../sql/naive/insert_address.sql' with { type: 'text' };
import insertCustomerText from '../sql/naive/insert_customer.sql' with { type: 'text' };
import insertRelationshipText from '../sql/naive/insert_relationship.sql' with { type: 'text' };
import lockAddressText from '../sql/naive/lock_address.sql' with { type: 'text' };
import lockCustomerText from '../sql/naive/lock_customer.sql' with { type: 'text' };
import lockRelationshipText from '../sql/naive/lock_relationship.sql' with { type: 'text' };
import updateAddressText from '../sql/naive/update_address.sql' with { type: 'text' };
import updateCustomerText from '../sql/naive/update_customer.sql' with { type: 'text' };
import updateRelationshipText from '../sql/naive/update_relationship.sql' with { type: 'text' };

// Every function here runs inside a transaction of its caller.

type Locked = { id: number; address_id: number | null };
type NewAddress = NonNullable<NewCustomer['address']>;

const addressParameters = (address: NewAddress) => [
  address.country,
  address.city,
  address.city_code,
  address.street ?? null,
  address.street_number ?? null,
];

const insertAddress = async (run: Run, address: NewAddress): Promise<number> =>
  (await run<{ id: number }>(insertAddressText, addressParameters(address)))[0]!.id;

/** Creates a customer with its parts, and returns its id. */
export async function create(run: Run, customer: NewCustomer): Promise<string> {
  const address = customer.address ? await insertAddress(run, customer.address) : null;
  const [row] = await run<{ id: number }>(insertCustomerText, [
    customer.first_name,
    customer.last_name,
    customer.gender ?? null,
    customer.customer_id ?? null,
    customer.phone_number ?? null,
    customer.birthday ?? null,
    address,
  ]);
  const { relationship } = customer;
  if (relationship) {
    await run(insertRelationshipText, [
      row!.id,
      relationship.points ?? 0,
      relationship.last_activity ?? null,
    ]);
  }
  return String(row!.id);
}

/** Locks a customer and its parts until the transaction ends, so that the compared version is the changed one. */
export async function lock(run: Run, id: string): Promise<void> {
  const [customer] = await run<Locked>(lockCustomerText, [id]);
  await run(lockRelationshipText, [id]);
  if (customer?.address_id != null) await run(lockAddressText, [customer.address_id]);
}

/** Applies a merge patch; false if there is no such customer. Throws a 422 for an address left incomplete. */
export async function update(run: Run, id: string, patch: CustomerPatch): Promise<boolean> {
  const [customer] = await run<Locked>(lockCustomerText, [id]);
  if (!customer) return false;
  if (Object.keys(patch).length === 0) return true;
  const address =
    patch.address === undefined ? customer.address_id : await patchAddress(run, customer, patch.address);
  await run(updateCustomerText, [id, JSON.stringify(patch), address !== customer.address_id, address]);
  if (patch.relationship === null) await run(deleteRelationshipText, [id]);
  else if (patch.relationship) await run(updateRelationshipText, [id, JSON.stringify(patch.relationship)]);
  if (customer.address_id !== null && address === null) await run(deleteAddressText, [customer.address_id]);
  return true;
}

// An address shared with others stays unchanged: this customer gets a new one. Returns the customer's address id.
async function patchAddress(
  run: Run,
  customer: Locked,
  patch: CustomerPatch['address'],
): Promise<number | null> {
  const { address_id } = customer;
  const [current] = address_id === null ? [] : await run<Address>(lockAddressText, [address_id]);
  if (!patch) return null;
  const merged = { ...current, ...patch } as NewAddress;
  const missing = (['country', 'city', 'city_code'] as const).filter((name) => merged[name] === undefined);
  if (missing.length > 0) throw incompleteAddress(missing);
  const [shared] = address_id === null ? [] : await run<{ users: number }>(addressUsersText, [address_id]);
  if (shared?.users !== 1) return insertAddress(run, merged);
  await run(updateAddressText, [address_id, ...addressParameters(merged)]);
  return address_id;
}

/** Deletes a customer with its parts; false if there is none. */
export async function remove(run: Run, id: string): Promise<boolean> {
  const [customer] = await run<Locked>(lockCustomerText, [id]);
  if (!customer) return false;
  if (customer.address_id !== null) await run(lockAddressText, [customer.address_id]);
  await run(deleteCustomerText, [id]);
  if (customer.address_id !== null) await run(deleteAddressText, [customer.address_id]);
  return true;
}
