import { type ProfileName, profiles } from './profiles/index.ts';
import type { Columns, Profile } from './profiles/profile.ts';
import { pick, type Random, random } from './random.ts';
import { time } from './times.ts';

/** Times are strings in UTC with microseconds, dates are `YYYY-MM-DD`. */
export interface CustomerRows {
  customer: {
    id: number;
    firstName: string;
    lastName: string;
    gender: string;
    customerId: string;
    phoneNumber: string | null;
    birthday: string | null;
    created: string;
    lastUpdated: string;
    addressId: number | null;
  };
  /** The address created with this customer. Other customers may share it. */
  address: {
    id: number;
    street: string | null;
    streetNumber: string | null;
    cityCode: string;
    city: string;
    country: string;
  } | null;
  relationship: {
    id: number;
    customerRef: number;
    points: number;
    created: string;
    lastActivity: string | null;
  } | null;
}

/** The rows of the i-th customer (from 0). They depend only on (data, seed, i). */
export function customer(i: number, seed: number, data: ProfileName): CustomerRows {
  return customers(seed, data)(i);
}

/** The same for many customers; what they share is built once. */
export function customers(seed: number, data: ProfileName): (i: number) => CustomerRows {
  const profile = profiles[data];
  const columns = profile.columns(seed);
  const chance = random(seed);
  return (i) => {
    chance.start(i);
    // All values are drawn from one sequence, so another order here gives every seed other rows.
    const created = columns.created(chance, i);
    return {
      customer: {
        id: i + 1,
        firstName: columns.firstName(chance, i),
        lastName: columns.lastName(chance, i),
        gender: columns.gender(chance, i),
        customerId: columns.customerId(chance, i),
        phoneNumber: columns.phoneNumber(chance, i),
        birthday: columns.birthday(chance, i),
        created: time(created),
        lastUpdated: time(columns.lastUpdated(chance, created, i)),
        addressId: addressId(chance, i, profile),
      },
      address: bringsAddress(i, profile) ? address(chance, i, profile, columns) : null,
      relationship: columns.hasRelationship(chance) ? relationship(chance, i, created, columns) : null,
    };
  };
}

/** Number of address rows that the first `count` customers create. */
export function addressCount(count: number, data: ProfileName): number {
  return Math.ceil(count / profiles[data].customersPerAddress);
}

const bringsAddress = (i: number, { customersPerAddress }: Profile) => i % customersPerAddress === 0;
const ownAddressId = (i: number, { customersPerAddress }: Profile) => Math.floor(i / customersPerAddress) + 1;

/** A new address, one that exists already, or none. So no address is without a customer. */
function addressId(chance: Random, i: number, profile: Profile): number | null {
  const newest = ownAddressId(i, profile);
  if (bringsAddress(i, profile)) return newest;
  return chance.fraction() < profile.withoutAddress ? null : pick(chance, newest) + 1;
}

function address(chance: Random, i: number, profile: Profile, columns: Columns): CustomerRows['address'] {
  const city = columns.city(chance, i);
  const street = columns.street(chance, i);
  return {
    id: ownAddressId(i, profile),
    street,
    streetNumber: columns.streetNumber(chance, street, i),
    cityCode: columns.cityCode(chance, city, i),
    city: city.name,
    country: city.country,
  };
}

function relationship(
  chance: Random,
  i: number,
  customerSince: number,
  columns: Columns,
): CustomerRows['relationship'] {
  const since = columns.relatedSince(chance, customerSince, i);
  const points = columns.points(chance, i);
  const lastActivity = columns.lastActivity(chance, since, i);
  return {
    id: i + 1,
    customerRef: i + 1,
    points,
    created: time(since),
    lastActivity: lastActivity === null ? null : time(lastActivity),
  };
}
