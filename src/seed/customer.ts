import { draw, type Pools, pools } from './pools.ts';
import { mix, type Random, random } from './random.ts';
import { callingCodes } from './words.ts';

/** Now, as the data sees it. It is fixed, because the same seed must give the same rows on any day. */
export const reference = new Date('2026-11-01T00:00:00Z');

/** Times are texts in UTC with microseconds, dates are `YYYY-MM-DD`. */
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
  /** The address that comes into being with this customer. Others may live there too. */
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

/** The rows of the i-th customer (from 0), from (seed, i) alone. */
export function customer(i: number, seed: number): CustomerRows {
  return customers(seed)(i);
}

/** The same for many customers: what they share is made once. */
export function customers(seed: number): (i: number) => CustomerRows {
  const words = pools(seed);
  const chance = random(seed);
  return (i) => {
    chance.start(i);
    const since = Math.floor(chance.fine() * spanMicros);
    const person: CustomerRows['customer'] = {
      id: i + 1,
      firstName: draw(words.firstNames, chance.next()),
      lastName: draw(words.lastNames, chance.next()),
      gender: gender(chance.fraction()),
      customerId: customerId(seed, i),
      phoneNumber: chance.fraction() < 1 / 50 ? null : phoneNumber(chance),
      birthday: chance.fraction() < 1 / 50 ? null : birthdays[pick(chance, birthdays.length)]!,
      created: time(since),
      lastUpdated: time(chance.fraction() < 0.4 ? since : later(since, chance.fine())),
      addressId: addressId(i, chance),
    };
    return {
      customer: person,
      address: address(i, chance, words),
      relationship: relationship(i, since, chance),
    };
  };
}

/** How many address rows the first `count` customers bring. */
export function addressCount(count: number): number {
  return Math.ceil(count / 2);
}

/**
 * Every even customer moves into an address of their own. Of the odd ones a fifth has none, the others share
 * one that exists already, so half as many addresses as customers and nobody's address is left over.
 */
function addressId(i: number, chance: Random): number | null {
  if (i % 2 === 0) return i / 2 + 1;
  return chance.fraction() < 1 / 5 ? null : pick(chance, (i + 1) / 2) + 1;
}

function address(i: number, chance: Random, words: Pools): CustomerRows['address'] {
  if (i % 2 === 1) return null;
  const city = draw(words.cities, chance.next());
  const street = chance.fraction() < 1 / 50 ? null : draw(words.streets, chance.next());
  // No number without a street; with the other 3 % it makes one address in twenty that has no number.
  const numbered = street !== null && chance.fraction() >= 0.0306;
  return {
    id: i / 2 + 1,
    street,
    streetNumber: numbered ? streetNumber(chance) : null,
    cityCode: city.codes[pick(chance, city.codes.length)]!,
    city: city.name,
    country: city.country,
  };
}

function relationship(i: number, customerSince: number, chance: Random): CustomerRows['relationship'] {
  if (chance.fraction() < 1 / 20) return null;
  const since = later(customerSince, chance.fine() ** 4);
  return {
    id: i + 1,
    customerRef: i + 1,
    points: Math.floor(chance.fraction() ** 3 * 50_001),
    created: time(since),
    lastActivity: chance.fraction() < 1 / 10 ? null : time(later(since, chance.fine())),
  };
}

function pick(chance: Random, count: number): number {
  return Math.floor(chance.fraction() * count);
}

function gender(fraction: number): string {
  if (fraction < 0.44) return 'female';
  if (fraction < 0.88) return 'male';
  return fraction < 0.94 ? 'non_binary' : 'undefined';
}

/** E.164: a plus, a calling code, 10 to 14 digits in all. */
function phoneNumber(chance: Random): string {
  const digits = 10 + pick(chance, 5);
  const head = callingCodes[pick(chance, callingCodes.length)]!;
  const tail = String(chance.next()).padStart(10, '7') + String(chance.next()).slice(-4).padStart(4, '0');
  return `+${(head + tail.slice(-13)).slice(0, digits)}`;
}

function streetNumber(chance: Random): string {
  const number = Math.floor(chance.fraction() ** 2 * 250) + 1;
  return chance.fraction() < 1 / 30 ? `${number}${'abc'[pick(chance, 3)]}` : String(number);
}

/** 32 hex digits. The first eight alone are different for every customer, because `mix` is one-to-one. */
function customerId(seed: number, i: number): string {
  const salt = mix(seed ^ 0x1d1d1d1d);
  const one = mix(i ^ salt);
  const two = mix(one + 0x9e3779b9);
  return hex(one) + hex(two ^ i) + hex(mix(two + salt)) + hex(mix(two ^ 0x51ab1e5));
}

function hex(value: number): string {
  return hexPairs[value >>> 16]! + hexPairs[value & 0xffff]!;
}

const dayMillis = 86_400_000;
const dayMicros = dayMillis * 1_000;
const hexPairs = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));
const thousands = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0'));
const clock = Array.from({ length: 86_400 }, (_, s) => new Date(s * 1_000).toISOString().slice(11, 19));

/** The days from `from` up to, but not including, `to`. */
function days(from: string, to: number): string[] {
  const start = Date.parse(from);
  const count = (to - start) / dayMillis;
  return Array.from({ length: count }, (_, n) => new Date(start + n * dayMillis).toISOString().slice(0, 10));
}

/** Ages from 18 to 80 at the reference date. */
const birthdays = days('1946-11-01', Date.parse('2008-11-02'));
/** The three years before the reference; times are counted in microseconds from their beginning. */
const calendar = days('2023-11-01', reference.getTime());
const spanMicros = calendar.length * dayMicros;

/** A moment between `since` and the reference, by fraction. */
function later(since: number, fraction: number): number {
  return since + Math.floor((spanMicros - since) * fraction);
}

function time(micros: number): string {
  const day = Math.floor(micros / dayMicros);
  const inDay = micros - day * dayMicros;
  const second = Math.floor(inDay / 1_000_000);
  const rest = inDay - second * 1_000_000;
  const millis = Math.floor(rest / 1_000);
  return `${calendar[day]}T${clock[second]}.${thousands[millis]}${thousands[rest - millis * 1_000]}Z`;
}
