import { draw } from '../pool.ts';
import { pools } from '../pools.ts';
import { mix, pick, type Random } from '../random.ts';
import { anytime, days, later } from '../times.ts';
import { callingCodes } from '../words.ts';
import type { Columns, Profile } from './profile.ts';

/**
 * The customers of the contract: names and places drawn with a skew, each city in one country, times in chronological
 * order. The other profiles replace some of these columns.
 */
export const standard: Profile = {
  // With half as many addresses as customers, one customer in ten has none.
  customersPerAddress: 2,
  withoutAddress: 1 / 5,
  columns(seed): Columns {
    const words = pools(seed);
    return {
      created: anytime,
      firstName: (chance) => draw(words.firstNames, chance.next()),
      lastName: (chance) => draw(words.lastNames, chance.next()),
      gender: (chance) => gender(chance.fraction()),
      customerId: (_, i) => hexId(seed, i),
      phoneNumber: (chance) => (chance.fraction() < 1 / 50 ? null : phoneNumber(chance)),
      birthday: (chance) => (chance.fraction() < 1 / 50 ? null : birthdays[pick(chance, birthdays.length)]!),
      lastUpdated: (chance, created) => (chance.fraction() < 0.4 ? created : later(created, chance.fine())),
      city: (chance) => draw(words.cities, chance.next()),
      street: (chance) => (chance.fraction() < 1 / 50 ? null : draw(words.streets, chance.next())),
      // There is no number without a street. With the other 3 %, one address in twenty has no number.
      streetNumber: (chance, street) =>
        street !== null && chance.fraction() >= 0.0306 ? streetNumber(chance) : null,
      cityCode: (chance, city) => city.codes[pick(chance, city.codes.length)]!,
      hasRelationship: (chance) => chance.fraction() >= 1 / 20,
      relatedSince: (chance, created) => later(created, chance.fine() ** 4),
      points: (chance) => Math.floor(chance.fraction() ** 3 * 50_001),
      lastActivity: (chance, since) => (chance.fraction() < 1 / 10 ? null : later(since, chance.fine())),
    };
  },
};

/** For ages from 18 to 80 at the reference. */
export const birthdays = days('1946-11-01', new Date('2008-11-02'));

function gender(fraction: number): string {
  if (fraction < 0.44) return 'female';
  if (fraction < 0.88) return 'male';
  return fraction < 0.94 ? 'non_binary' : 'undefined';
}

/** E.164: a plus, a calling code, 10 to 14 digits in all. */
export function phoneNumber(chance: Random): string {
  const digits = 10 + pick(chance, 5);
  const head = callingCodes[pick(chance, callingCodes.length)]!;
  const tail = String(chance.next()).padStart(10, '7') + String(chance.next()).slice(-4).padStart(4, '0');
  return `+${(head + tail.slice(-13)).slice(0, digits)}`;
}

function streetNumber(chance: Random): string {
  const number = Math.floor(chance.fraction() ** 2 * 250) + 1;
  return chance.fraction() < 1 / 30 ? `${number}${'abc'[pick(chance, 3)]}` : String(number);
}

/** 32 hex digits. The first eight alone differ for every customer, because `mix` is one-to-one. */
export function hexId(seed: number, i: number): string {
  const salt = mix(seed ^ 0x1d1d1d1d);
  const one = mix(i ^ salt);
  const two = mix(one + 0x9e3779b9);
  return hex(one) + hex(two ^ i) + hex(mix(two + salt)) + hex(mix(two ^ 0x51ab1e5));
}

function hex(value: number): string {
  return hexPairs[value >>> 16]! + hexPairs[value & 0xffff]!;
}

const hexPairs = Array.from({ length: 65_536 }, (_, n) => n.toString(16).padStart(4, '0'));
