import type { Random } from '../random.ts';
import type { Micros } from '../times.ts';

/**
 * The distribution of a database's values. `customer.ts` puts the rows together; a profile defines how many addresses
 * there are and how each value is drawn.
 */
export interface Profile {
  /** One customer in so many, beginning with the first, moves into an address of their own; the others share those. */
  customersPerAddress: number;
  /** The share of those others that has no address. */
  withoutAddress: number;
  /** What depends on the seed is made once, for all customers. */
  columns(seed: number): Columns;
}

/**
 * How each value is drawn, in the order in which a customer's values are drawn. `i` is the customer's number from 0. A
 * value must follow from the seed, `i` and `chance` alone, and keep the lengths of the contract.
 */
export interface Columns {
  created(chance: Random, i: number): Micros;
  firstName(chance: Random): string;
  lastName(chance: Random): string;
  gender(chance: Random): string;
  /** Different for every customer. */
  customerId(chance: Random, i: number): string;
  phoneNumber(chance: Random): string | null;
  /** `YYYY-MM-DD` */
  birthday(chance: Random): string | null;
  /** Not after the reference: what is later was written by a user. */
  lastUpdated(chance: Random, created: Micros, i: number): Micros;

  city(chance: Random): City;
  street(chance: Random): string | null;
  streetNumber(chance: Random, street: string | null): string | null;
  cityCode(chance: Random, city: City): string;

  hasRelationship(chance: Random): boolean;
  relatedSince(chance: Random, created: Micros): Micros;
  points(chance: Random): number;
  lastActivity(chance: Random, since: Micros): Micros | null;
}

export interface City {
  name: string;
  country: string;
  /** Codes that belong to this city alone; none where codes are drawn without regard to the city. */
  codes: readonly string[];
}
