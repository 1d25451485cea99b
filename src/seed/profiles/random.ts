import { genders } from '../../contract/customer.ts';
import { oddText } from '../odd-texts.ts';
import { mix, oneOf, pick, type Random, random } from '../random.ts';
import { word } from '../syllables.ts';
import { anytime, into, type Micros } from '../times.ts';
import { birthdays } from './default.ts';
import type { Profile } from './profile.ts';

/**
 * The seed draws the distribution of each column, so each seed makes another kind of table: a column of one value, of few or of many,
 * one that ascends with the id, or has no values at all. For finding data that was not thought of.
 */
export const randomized: Profile = {
  customersPerAddress: 2,
  withoutAddress: 1 / 3,
  columns(seed) {
    const draw = random(mix(seed ^ 0x0ddba11));
    draw.start(0);
    const text = (limit: number) => textColumn(draw, limit);
    const optional = <Value>(of: Of<Value>) => withNulls(draw, of);
    const [street, streetNumber] = [optional(text(128)), optional(text(32))];
    const [cityCode, city, country] = [text(32), text(128), text(128)];
    const [created, updated, since, activity] = [
      times(draw),
      times(draw),
      times(draw),
      optional(times(draw)),
    ];
    const isUpdated = draw.fraction() < 3 / 4;
    const related = oneOf(draw, [1, 1, 1 / 2, 1 / 100, 0]);
    return {
      created,
      firstName: text(128),
      lastName: text(128),
      gender: oneOf(draw, genderColumns),
      customerId: oneOf(draw, ids),
      phoneNumber: optional(oneOf(draw, phones)),
      birthday: optional(oneOf(draw, birthdayColumns)),
      lastUpdated: (chance, born, i) => (isUpdated ? updated(chance, i) : born),
      city: (chance, i) => ({ name: city(chance, i), country: country(chance, i), codes: [] }),
      street,
      streetNumber: (chance, _, i) => streetNumber(chance, i),
      cityCode: (chance, _, i) => cityCode(chance, i),
      hasRelationship: (chance) => chance.fraction() < related,
      relatedSince: (chance, _, i) => since(chance, i),
      points: oneOf(draw, pointColumns)(draw),
      lastActivity: (chance, _, i) => activity(chance, i),
    };
  },
};

/** One value of a column, that of customer `i`. */
type Of<Value> = (chance: Random, i: number) => Value;

/** A number below `count`, the small ones more often, the more so the larger `skew` is. */
const skewed = (chance: Random, count: number, skew: number) => Math.floor(count * chance.fraction() ** skew);

function withNulls<Value>(draw: Random, of: Of<Value>): Of<Value | null> {
  const share = oneOf(draw, [0, 0, 1 / 100, 1 / 2, 9 / 10, 1]);
  return (chance, i) => (chance.fraction() < share ? null : of(chance, i));
}

/** A column of texts of at most `limit` characters. */
function textColumn(draw: Random, limit: number): Of<string> {
  const [salt, skew, count] = [
    pick(draw, 1_000_000),
    oneOf(draw, [1, 2, 5]),
    oneOf(draw, [2, 20, 500, 20_000]),
  ];
  const own = oddText(draw, limit);
  const words = (chance: Random) => word(salt + skewed(chance, count, skew));
  const kinds: Of<string>[] = [
    () => own,
    words,
    (chance) => `${words(chance)} ${words(chance)}`,
    (chance) => oddText(chance, limit),
    (chance) => (chance.fraction() < 1 / count ? word(salt) : own),
    (chance) => String(skewed(chance, 10 * count, skew)),
    (chance) => String.fromCharCode(97 + skewed(chance, 26, skew)),
    (_, i) => `N-${String(i).padStart(8, '0')}`,
    (_, i) => mix(i ^ salt).toString(16),
    (_, i) => `group ${Math.floor(i / count)}`,
    (chance, i) =>
      `${'all begin like this, '.repeat(8)}${chance.fraction() < 1 / 2 ? i : words(chance)}`.slice(-limit),
  ];
  const make = oneOf(draw, kinds);
  return (chance, i) => [...make(chance, i)].slice(0, limit).join('');
}

const ids: Of<string>[] = [
  (_, i) => `${i + 1}`,
  (_, i) => `CUST-${String(i + 1).padStart(8, '0')}`,
  (_, i) => [...String(i + 1).padStart(8, '0')].reverse().join(''),
  (_, i) => `${'ab'.repeat(24)}${i + 1}`,
  (_, i) => `customer number ${i + 1} of us`,
  (chance, i) => `${oddText(chance, 48)}#${i + 1}`,
];

const phones: Of<string>[] = [
  () => '+4930123456',
  (chance) => `+${10_000_000 + skewed(chance, 1_000, 3)}`,
  (chance) => `${1_000_000_000 + pick(chance, 1_000_000_000)}`,
  (_, i) => `+${100_000_000 + i}`,
];

const genderColumns: Of<string>[] = [
  () => 'undefined',
  (chance) => oneOf(chance, genders),
  (chance) => (chance.fraction() < 1 / 1000 ? 'male' : 'female'),
];

const birthdayColumns: Of<string>[] = [
  () => '1990-01-01',
  (chance) => birthdays[pick(chance, birthdays.length)]!,
  (chance) => birthdays[skewed(chance, 12, 2) * 1000]!,
  (_, i) => birthdays[i % birthdays.length]!,
];

/** Moments up to the reference time. */
const times = (draw: Random): Of<Micros> => {
  const one = anytime(draw);
  return oneOf<Of<Micros>>(draw, [
    () => one,
    anytime,
    (_, i) => into(i / (i + 10_000)),
    (_, i) => into(1 - (i + 1) / (i + 10_000)),
    (chance) => (chance.fraction() < 1 / 2 ? one : anytime(chance)),
    (chance) => into(pick(chance, 5) / 5 + chance.fine() / 10_000),
    (chance) => into(Math.floor(chance.fraction() * 1096) / 1096),
    (chance) => into(1 - chance.fine() ** 8),
    (chance) => (chance.fraction() < 1 / 100 ? Number.NEGATIVE_INFINITY : anytime(chance)),
  ]);
};

const pointColumns: ((draw: Random) => Of<number>)[] = [
  (draw) => {
    const one = oneOf(draw, [0, 1, 2 ** 31 - 1]);
    return () => one;
  },
  (draw) => {
    const count = oneOf(draw, [5, 1_000, 1_000_000, 2 ** 31]);
    return (chance) => skewed(chance, count, 3);
  },
  () => (_, i) => i,
  () => (chance) => (chance.fraction() < 1 / 100 ? pick(chance, 100_000) : 0),
];
