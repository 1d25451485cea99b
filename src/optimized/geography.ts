import type { Sort } from '../contract/parameters.ts';
import type { Condition } from './conditions.ts';
import type { Statistics, Tag } from './statistics.ts';

// A city lies in one country, a city code in one city, mostly. Taken one by one, filters on them would promise far more
// or far fewer customers than there are, and a list by country would be searched from its beginning for a city that lies
// in its last country. Which of them were seen together is known.

export interface Places {
  /** the guessed share of customers that pass all filters on country, city and city code */
  share: number;
  /** all cities and countries that such a customer can have */
  city: Tag[];
  country: Tag[];
}

/** Whether a filter is about the place alone, by known tags. */
export const isPlace = ({ kind, tags }: Condition): boolean =>
  tags !== undefined && (kind === 'country' || kind === 'city' || kind === 'city_code');

/** What the filters on country, city and city code mean together; null where that is of no use, or not all is known. */
export function placesOf(
  filters: Condition[],
  sort: Sort,
  { tags, pairs, total, seen }: Statistics,
): Places | null {
  const given = filters.filter(isPlace);
  const kinds = ['country', 'city', 'city_code', 'pair'];
  if (given.length < (sort === 'city' || sort === 'country' ? 1 : 2)) return null;
  if (!seen || kinds.some((kind) => seen.partial.has(kind))) return null;
  const passing = (kind: string) =>
    given
      .filter((condition) => condition.kind === kind)
      .map((condition) => new Set(condition.tags!.map(({ id }) => id)))
      .reduce<Set<number> | undefined>((all, ids) => all?.intersection(ids) ?? ids, undefined);
  const [countries, cities, codes] = [passing('country'), passing('city'), passing('city_code')];
  const meets = (id: number, others?: Set<number>) =>
    !others || [...(pairs.get(id) ?? [])].some((other) => others.has(other));

  const within = codes && new Set([...codes].flatMap((code) => [...(pairs.get(code) ?? [])]));
  const city = (tags.get('city') ?? []).filter(
    ({ id }) => (!cities || cities.has(id)) && (!within || within.has(id)) && meets(id, countries),
  );
  const cityIds = new Set(city.map(({ id }) => id));
  const around = new Set(city.flatMap(({ id }) => [...(pairs.get(id) ?? [])]));
  const country = (tags.get('country') ?? []).filter(
    ({ id }) => around.has(id) && (!countries || countries.has(id)),
  );
  const counted = codes
    ? (tags.get('city_code') ?? []).filter(({ id }) => codes.has(id) && meets(id, cityIds))
    : city;
  const customers = counted.reduce((sum, tag) => sum + tag.customers, 0);
  return { share: Math.min(1, (customers + 1) / (total + 20)), city, country };
}
