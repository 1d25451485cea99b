import { oddText } from '../odd-texts.ts';
import { pick, type Random } from '../random.ts';
import { anytime, into, type Micros } from '../times.ts';
import { birthdays, standard } from './default.ts';
import type { Profile } from './profile.ts';

/**
 * What the contract allows and data rarely has: unusual Unicode texts, of minimal and maximal length; one value for half
 * of the customers; columns of nulls; the first and the last dates and numbers.
 */
export const unfriendly: Profile = {
  ...standard,
  columns: (seed) => ({
    ...standard.columns(seed),
    created: (chance) => (chance.fraction() < 1 / 2 ? moment : extreme(chance, beginning, end)),
    firstName: (chance) => (chance.fraction() < 1 / 2 ? half.firstName : oddText(chance, 128)),
    lastName: (chance) => oddText(chance, 128),
    // The number after the last # makes it unique.
    customerId: (chance, i) => `${oddText(chance, 48)}#${i + 1}`,
    phoneNumber: (chance) => phones[pick(chance, phones.length)]!(chance),
    birthday(chance) {
      const day = days[pick(chance, 2 * days.length)];
      return day === undefined ? birthdays[pick(chance, birthdays.length)]! : day;
    },
    lastUpdated: (chance, created) =>
      created === moment && chance.fraction() < 1 / 2 ? moment : extreme(chance, beginning, beginning),
    // 5/9 is half of all customers, since one in ten has no address.
    city: (chance) => ({
      name: chance.fraction() < 5 / 9 ? half.city : oddText(chance, 128),
      country: chance.fraction() < 5 / 9 ? half.country : oddText(chance, 128),
      codes: [],
    }),
    street: (chance) => (chance.fraction() < 1 / 4 ? null : oddText(chance, 128)),
    streetNumber: () => null,
    cityCode: (chance) => oddText(chance, 32),
    relatedSince: anytime,
    // Ten of nineteen are half of all customers, since one in twenty has no relationship.
    points(chance) {
      const kind = pick(chance, 19);
      return kind < 10 ? mostPoints : kind < 14 ? 0 : pick(chance, mostPoints);
    },
    lastActivity: () => null,
  }),
};

const mostPoints = 2 ** 31 - 1;

/** Values that half of the customers share. */
const half = { firstName: "İbrahim ß'Or", city: '100% Ömer\\_Σας', country: '𠮷 & "Or" -land' };
const moment = into(0.61234567);

const beginning = Number.NEGATIVE_INFINITY;
const end = Number.POSITIVE_INFINITY;

/** One in a hundred is `first`, one is `last`; the others are random moments. */
function extreme(chance: Random, first: Micros, last: Micros): Micros {
  const kind = chance.fraction();
  if (kind < 0.01) return first;
  return kind < 0.02 ? last : anytime(chance);
}

// A smaller fraction would be printed with an exponent.
const digits = (chance: Random, count: number) =>
  String(Math.max(chance.fine(), 1e-6)).slice(2).padEnd(count, '0').slice(0, count);
/** The shortest and longest that the contract allows, with and without +; shared by many; null. */
const phones: ((chance: Random) => string | null)[] = [
  () => null,
  () => '+10000000',
  () => '999999999999999',
  (chance) => `+${1 + pick(chance, 9)}${digits(chance, 7)}`,
  (chance) => `${1 + pick(chance, 9)}${digits(chance, 14)}`,
];

/** Birthdays of half of the customers: the first day, days on which calendars disagree, the last allowed day. */
const days = [
  ...['1970-01-01', '1970-01-01', '1970-01-01', '1970-01-01', '1970-01-01', null],
  ...['0001-01-01', '0099-12-31', '1582-10-10', '1900-02-28', '2000-02-29', '2026-11-01'],
];
