import { type Customer, genders } from '../../src/contract/customer.ts';
import type { Sql } from '../../src/server/database.ts';
import { insertCustomers } from './rows.ts';

// Eighty customers with few distinct values, so that every sort has ties, and with nulls in every nullable field. Texts
// differ in case, contain special characters of LIKE and JSON, and include some that UTF-16 sorts unlike code points.

let state = 42;
/** A whole number from 0 up to, but not including, `below`. Each run draws the same sequence. */
function draw(below: number): number {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}
const pick = <T>(items: readonly T[]): T => items[draw(items.length)]!;
const maybe = <T>(value: T): T | null => (draw(5) === 0 ? null : value);

const firstNames = [
  'Anna',
  'anna',
  'Änna',
  'Bob',
  'Zoë',
  '𠮷',
  '豈',
  '50%',
  'a_b',
  'back\\slash',
  "D'Arc",
  '"Q"',
];
const lastNames = ['Smith', 'smith', 'Šmíd', 'One', 'Two', 'X', 'Nu\tll', '[x]'];
const cities = ['Berlin', 'berlin', 'Köln', '100% City', 'Zürich', 'Oslo'];
const instants = [1, 2, 3, 10, 1000, 999_999].map(
  (micros) => `2024-05-05T05:05:05.${String(micros).padStart(6, '0')}Z`,
);
const activities = [
  '2023-01-01T00:00:00.000000Z',
  '2023-01-01T00:00:00.000001Z',
  '2024-02-29T23:59:59.999999Z',
];

const addresses = Array.from({ length: 20 }, (_, i) => ({
  country: pick(['Testland', 'testland', 'Nowhere', 'Åland']),
  city: pick(cities),
  city_code: String(10_000 + (i % 7)),
  street: maybe(pick(['Main Street', 'main_street', 'Back\\slash Row', 'Under_Score Way'])),
  street_number: maybe(pick(['1', '12', '2b'])),
}));

const two = (number: number) => String(number).padStart(2, '0');

export const crowd: Customer[] = Array.from({ length: 80 }, (_, i) => ({
  id: i + 1,
  first_name: pick(firstNames),
  last_name: pick(lastNames),
  gender: pick(genders),
  customer_id: `C${pick(['a', 'B', 'ß', 'Z'])}-${i}`,
  phone_number: maybe(`+49${170_000_000 + draw(1000)}`),
  created: pick(instants),
  birthday: maybe(`19${two(60 + draw(40))}-${two(1 + draw(12))}-${two(1 + draw(28))}`),
  last_updated: pick(instants),
  address: maybe(pick(addresses)),
  relationship: maybe({ points: pick([0, 0, 10, 10, 250, 50_000]), last_activity: maybe(pick(activities)) }),
}));

export const insertCrowd = (sql: Sql) => insertCustomers(sql, crowd);
