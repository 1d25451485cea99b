import { faker as danish } from '@faker-js/faker/locale/da';
import { faker as german } from '@faker-js/faker/locale/de';
import { faker as english } from '@faker-js/faker/locale/en';
import { faker as spanish } from '@faker-js/faker/locale/es';
import { faker as french } from '@faker-js/faker/locale/fr';
import { faker as italian } from '@faker-js/faker/locale/it';
import { faker as norwegian } from '@faker-js/faker/locale/nb_NO';
import { faker as dutch } from '@faker-js/faker/locale/nl';
import { faker as polish } from '@faker-js/faker/locale/pl';
import { faker as portuguese } from '@faker-js/faker/locale/pt_BR';
import { faker as swedish } from '@faker-js/faker/locale/sv';
import { faker as turkish } from '@faker-js/faker/locale/tr';
import { type Pool, pool } from './pool.ts';
import type { City } from './profiles/profile.ts';
import * as words from './words.ts';

export interface Pools {
  firstNames: Pool<string>;
  lastNames: Pool<string>;
  streets: Pool<string>;
  cities: Pool<City>;
  /** Every country of the cities, those with the most cities first. */
  countries: string[];
}

const homes = [
  { country: 'United States of America', faker: english },
  { country: 'Germany', faker: german },
  { country: 'Poland', faker: polish },
  { country: 'France', faker: french },
  { country: 'Spain', faker: spanish },
  { country: 'Italy', faker: italian },
  { country: 'Netherlands', faker: dutch },
  { country: 'Brazil', faker: portuguese },
  { country: 'Sweden', faker: swedish },
  { country: 'Denmark', faker: danish },
  { country: 'Norway', faker: norwegian },
  { country: 'Türkiye', faker: turkish },
];
const european = [german, polish, french, spanish, italian, swedish, turkish];

const sizes = { firstNames: 660, lastNames: 990, streets: 1_000, countries: 80, cities: 490, codes: 8_000 };

const made = new Map<number, Pools>();

/**
 * The words that customers are made of, the same for the same seed. faker is far too slow for millions of rows, so it
 * fills these pools once (some 50 ms) and rows draw from them.
 */
export function pools(seed: number): Pools {
  const known = made.get(seed);
  if (known) return known;
  for (const { faker } of homes) faker.seed(seed);
  const names = countryNames();
  const fresh: Pools = {
    firstNames: pool(firstNames(), 10),
    lastNames: pool(lastNames(), 12),
    streets: pool(streets(), 20),
    cities: pool(cities(names), 5),
    countries: names,
  };
  made.set(seed, fresh);
  return fresh;
}

function firstNames(): string[] {
  const foreign = european.flatMap((faker) => distinct(12, () => faker.person.firstName()));
  const rare = new Set([...words.rareFirstNames, ...foreign]);
  const known = new Set([...rare, ...words.frequentFirstNames]);
  const common = distinct(sizes.firstNames - known.size, () => english.person.firstName(), known);
  return insert(insert(common, words.frequentFirstNames, 4, 6), [...rare], 30, 5);
}

function lastNames(): string[] {
  const foreign = european.flatMap((faker) => distinct(75, () => faker.person.lastName()));
  const rare = new Set(words.rareLastNames);
  const known = new Set([...rare, ...foreign]);
  const common = distinct(sizes.lastNames - known.size, () => english.person.lastName(), known);
  const abroad = foreign.filter((name, at) => !rare.has(name) && foreign.indexOf(name) === at);
  return insert(insert(common, abroad, 20, 2), [...rare], 150, 20);
}

function streets(): string[] {
  const foreign = european.flatMap((faker) => distinct(20, () => faker.location.street()));
  const heights = distinct(words.heights, () => `${english.person.lastName()} Heights`);
  const rare = new Set([...words.rareStreets, ...foreign]);
  const known = new Set([...rare, ...heights]);
  const common = distinct(sizes.streets - known.size, () => english.location.street(), known);
  return insert(insert(common, heights, 3, 25), [...rare], 100, 5);
}

function countryNames(): string[] {
  const known = new Set(homes.map((home) => home.country));
  return [...known, ...distinct(sizes.countries - known.size, () => english.location.country(), known)];
}

function cities(countries: string[]): City[] {
  const perCountry = shares(sizes.cities, countries.length, 3);
  const taken = new Set<string>();
  const places = countries.flatMap((country, rank) => {
    const faker = homes.find((home) => home.country === country)?.faker ?? english;
    const own = distinct(perCountry[rank]!, () => faker.location.city(), taken);
    for (const name of own) taken.add(name);
    return own.map((name) => ({ name, country, faker }));
  });
  const codes = new Set<string>();
  const perCity = shares(sizes.codes, places.length, 15);
  return english.helpers.shuffle(places).map(({ name, country, faker }, rank) => {
    const zip = () => (faker === english ? english.string.numeric(5) : faker.location.zipCode());
    const own = distinct(perCity[rank]!, zip, codes);
    for (const code of own) codes.add(code);
    return { name, country, codes: own };
  });
}

/** Splits `total` into `parts` whole numbers of at least one, falling as 1 / (rank + flat). */
function shares(total: number, parts: number, flat: number): number[] {
  const weights = Array.from({ length: parts }, (_, rank) => 1 / (rank + flat));
  const sum = weights.reduce((whole, weight) => whole + weight, 0);
  return weights.map((weight) => Math.max(1, Math.round((weight / sum) * total)));
}

/** `count` different words that are not in `known`; fewer if a locale has no more. */
function distinct(count: number, make: () => string, known: ReadonlySet<string> = new Set()): string[] {
  const found = new Set<string>();
  for (let tries = 0; found.size < count && tries < count * 50; tries++) {
    const word = make();
    if (!known.has(word)) found.add(word);
  }
  return [...found];
}

/** Puts the k-th of `extra` at rank `from + k * every`. */
function insert(list: string[], extra: readonly string[], from: number, every: number): string[] {
  const result = [...list];
  for (const [k, word] of extra.entries()) result.splice(from + k * every, 0, word);
  return result;
}
