import type { Sql } from '../../src/server/database.ts';

/** The data for the hard cases: values by the number of customers that have them. */
export interface Facts {
  customers: number;
  /** The most frequent first, and the rarest first. */
  frequentNames: string[];
  rareNames: string[];
  frequentPlaces: Place[];
  rarePlaces: Place[];
  /** Instants before which a thousandth, a half and nearly all of the customers were created. */
  early: string;
  middle: string;
  late: string;
}

export interface Place {
  city: string;
  country: string;
}

/** Number of values of one kind at either end. */
const few = 12;

/** Reads them from the base tables, which both servers have. */
export async function readFacts(sql: Sql): Promise<Facts> {
  const names = await sql<{ name: string }[]>`
    select first_name as name from customer group by first_name order by count(*) desc, first_name`;
  const places = await sql<Place[]>`
    select city, country from address group by city, country order by count(*) desc, city, country`;
  const [at] = await sql<{ customers: number; early: string; middle: string; late: string }[]>`
    select count(*) as customers,
           percentile_disc(0.001) within group (order by created) as early,
           percentile_disc(0.5) within group (order by created) as middle,
           percentile_disc(0.999) within group (order by created) as late
      from customer`;
  const texts = names.map(({ name }) => name);
  return {
    ...at!,
    frequentNames: texts.slice(0, few),
    rareNames: texts.slice(-few).reverse(),
    frequentPlaces: places.slice(0, few),
    rarePlaces: places.slice(-few).reverse(),
  };
}
