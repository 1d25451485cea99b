import type { Random } from '../random.ts';
import type { Micros } from '../times.ts';

/**
 * The distribution of a database's values. `customer.ts` assembles the rows; a profile defines how many addresses there
 * are and how each value is drawn.
 */
export interface Profile {
  /** One customer in so many, starting with the first, gets a new address; the others share those. */
  customersPerAddress: number;
  /** The share of those others without an address. */
  withoutAddress: number;
  /** Called once for all customers: builds what depends on the seed. */
  columns(seed: number): Columns;
}

/**
 * How each value is drawn, in the order of drawing. `i` is the customer's number from 0. A value must depend only on the
 * seed, `i` and `chance`, and keep within the lengths of the contract.
 */
export interface Columns {
  created(chance: Random, i: number): Micros;
  firstName(chance: Random, i: number): string;
  lastName(chance: Random, i: number): string;
  gender(chance: Random, i: number): string;
  /** Different for every customer. */
  customerId(chance: Random, i: number): string;
  phoneNumber(chance: Random, i: number): string | null;
  /** `YYYY-MM-DD` */
  birthday(chance: Random, i: number): string | null;
  /** Not after the reference: a later value means that a user wrote the row. */
  lastUpdated(chance: Random, created: Micros, i: number): Micros;

  city(chance: Random, i: number): City;
  street(chance: Random, i: number): string | null;
  streetNumber(chance: Random, street: string | null, i: number): string | null;
  cityCode(chance: Random, city: City, i: number): string;

  hasRelationship(chance: Random): boolean;
  relatedSince(chance: Random, created: Micros, i: number): Micros;
  points(chance: Random, i: number): number;
  lastActivity(chance: Random, since: Micros, i: number): Micros | null;
}

export interface City {
  name: string;
  country: string;
  /** Codes of this city only; none if codes are drawn independently of the city. */
  codes: readonly string[];
}
