import { draw, longTail, pool } from '../pool.ts';
import { pools } from '../pools.ts';
import { oneOf, type Random } from '../random.ts';
import { word } from '../syllables.ts';
import { anytime, into } from '../times.ts';
import { standard } from './default.ts';
import type { Profile } from './profile.ts';

/**
 * The cardinality of real data. Some customers have the frequent names of the default profile, with their skew. The
 * others form a long tail in several alphabets, some of them double or with a title, so the number of distinct names
 * grows with the table. Cities correlate weakly with countries, codes not at all with cities. Ids are sequential, mostly
 * in the order of creation. The last activity is independent of the creation.
 */
export const diverse: Profile = {
  ...standard,
  columns(seed) {
    const words = pools(seed);
    const countries = pool(words.countries, 3);
    const country = (chance: Random) => draw(countries, chance.next());
    const firstName = (chance: Random) =>
      chance.fraction() < 0.41 ? draw(words.firstNames, chance.next()) : word(firstNames(chance.fraction()));
    const lastName = (chance: Random) =>
      chance.fraction() < 0.06 ? draw(words.lastNames, chance.next()) : word(lastNames(chance.fraction()));
    const street = (chance: Random) =>
      chance.fraction() < 0.12
        ? draw(words.streets, chance.next())
        : filled(oneOf(chance, streetPatterns), word(streets(chance.fraction())));

    return {
      ...standard.columns(seed),
      // The rate of new customers grows: half of a table of a million was created in the last third of its time.
      created: (chance, i) =>
        chance.fraction() < 1 / 20 ? anytime(chance) : into((i + chance.fine()) / (i + 1_000_000)),
      customerId: (_, i) => `CUST-${String(i + 1).padStart(8, '0')}`,
      firstName: (chance) => entitled(chance, double(chance, firstName)),
      lastName: (chance) => double(chance, lastName),
      city(chance) {
        if (chance.fraction() < 0.27) {
          const known = draw(words.cities, chance.next());
          return chance.fraction() < 1 / 2 ? known : { ...known, country: country(chance) };
        }
        const n = cities(chance.fraction());
        const name = filled(cityPatterns[n % cityPatterns.length]!, word(n));
        // The city's own country, or as often any country.
        const home = words.countries[n % words.countries.length]!;
        return { name, country: chance.fraction() < 1 / 2 ? home : country(chance), codes: [] };
      },
      street: (chance) => (chance.fraction() < 1 / 50 ? null : street(chance)),
      cityCode: (chance) => postcode((chance.fraction() < 0.7 ? frequentCodes : codes)(chance.fraction())),
      lastActivity: (chance) => (chance.fraction() < 1 / 10 ? null : anytime(chance)),
    };
  },
};

const firstNames = longTail(12);
const lastNames = longTail(5);
const streets = longTail(8);
const cities = longTail(14);
const frequentCodes = longTail(12, 4_000);
const codes = longTail(12, 400_000);

const titles = ['Dr. {}', 'Prof. Dr. {}', 'Mag. {}', '{} Jr.', '{} III', 'Mrs. {}'];
const cityPatterns = [
  ...['{}', '{}', '{}', '{}ville', '{}burg', '{}ton', '{}stad', '{}-ovo'],
  ...['San {}', 'New {}', 'Bad {}', '{} am See', "L'{}", 'St. {}'],
];
const streetPatterns = [
  ...['{} Street', '{} Street', '{} Road', '{} Avenue', '{} Lane', '{} Heights', '{} Close'],
  ...['{}straße', '{}weg', 'Rue de {}', 'Via {}', 'Calle {}', 'ul. {}', 'улица {}', 'Οδός {}', '{}通り'],
];

const filled = (pattern: string, text: string) => pattern.replace('{}', text);

/** One name in ten is double, with a hyphen or a space. */
function double(chance: Random, name: (chance: Random) => string): string {
  const one = name(chance);
  const kind = chance.fraction();
  return kind < 0.9 ? one : `${one}${kind < 0.95 ? '-' : ' '}${name(chance)}`;
}

/** One name in thirty has a title. */
const entitled = (chance: Random, name: string) =>
  chance.fraction() < 1 / 30 ? filled(oneOf(chance, titles), name) : name;

/** The n-th code, in the formats of several countries. */
function postcode(n: number): string {
  const digits = String(n >>> 2).padStart(5, '0');
  switch (n % 4) {
    case 0:
      return digits;
    case 1:
      return `${digits.slice(0, 2)}-${digits.slice(2)}`;
    case 2:
      return `${digits.slice(-4)} ${letter(n >>> 4)}${letter(n >>> 2)}`;
    default:
      return `${letter(n >>> 5)}${digits.slice(-2)} ${n % 9}${letter(n >>> 2)}${letter(n >>> 7)}`;
  }
}

const letter = (n: number) => String.fromCharCode(65 + (n % 26));
