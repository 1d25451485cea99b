import { genders } from '../../contract/customer.ts';
import { pools } from '../pools.ts';
import { oneOf, pick } from '../random.ts';
import { anytime } from '../times.ts';
import { standard } from './default.ts';
import type { Profile } from './profile.ts';

/** No skew and no correlation: the default's words, all equally frequent, each column drawn independently. */
export const uniform: Profile = {
  ...standard,
  columns(seed) {
    const { firstNames, lastNames, streets, cities, countries } = pools(seed);
    const names = cities.values.map(({ name }) => name);
    const codes = cities.values.flatMap((city) => city.codes);
    return {
      ...standard.columns(seed),
      firstName: (chance) => oneOf(chance, firstNames.values),
      lastName: (chance) => oneOf(chance, lastNames.values),
      gender: (chance) => oneOf(chance, genders),
      lastUpdated: anytime,
      city: (chance) => ({ name: oneOf(chance, names), country: oneOf(chance, countries), codes: [] }),
      street: (chance) => (chance.fraction() < 1 / 50 ? null : oneOf(chance, streets.values)),
      streetNumber: (chance) => (chance.fraction() < 1 / 20 ? null : `${1 + pick(chance, 250)}`),
      cityCode: (chance) => oneOf(chance, codes),
      relatedSince: anytime,
      points: (chance) => pick(chance, 50_001),
      lastActivity: (chance) => (chance.fraction() < 1 / 10 ? null : anytime(chance)),
    };
  },
};
