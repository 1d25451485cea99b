import type { Sort } from '../../src/contract/parameters.ts';
import type { Sql } from '../../src/server/database.ts';
import type { Room } from '../rooms.ts';

const columns: Record<Exclude<Sort, 'relevance'>, string[]> = {
  full_name: ['first_name', 'last_name'],
  first_name: ['first_name'],
  last_name: ['last_name'],
  created: ['customer.created'],
  customer_id: ['customer_id'],
  city: ['city'],
  country: ['country'],
  points: ['points'],
  last_activity: ['last_activity'],
  last_updated: ['last_updated'],
};
/** Inserts customers with many ties and nulls in every sort column. */
export const insertTied = (sql: Sql, count: number) => sql`
  with place as (
    insert into address (country, city, city_code)
    select 'C' || n % 3, 'T' || n % 5, n::text from generate_series(1, 20) n
  ), person as (
    insert into customer (first_name, last_name, customer_id, created, last_updated, address_id)
    select 'F' || n % 4, 'L' || n % 3, md5(n::text), '2024-01-01'::timestamptz + (n % 11) * interval '1 microsecond',
      '2024-01-01'::timestamptz + (n % 2) * interval '1 microsecond', nullif(n % 21, 0)
    from generate_series(1, ${count}::integer) n
    returning id
  )
  insert into customer_relationship (customer_ref, points, last_activity)
  select id, id % 6, case when id % 4 > 0 then '2024-01-01'::timestamptz + (id % 3) * interval '1 hour' end
  from person where id % 5 > 0`;

/** The ids in the order of PostgreSQL, directly from the base tables. */
export async function idsInOrder(
  sql: Sql,
  sort: Exclude<Sort, 'relevance'>,
  ordering: string,
): Promise<number[]> {
  const direction = ordering === 'ascending' ? 'asc' : 'desc';
  const order = [...columns[sort], 'customer.id']
    .map((column) => `${column} ${direction} nulls last`)
    .join(', ');
  const rows = await sql.unsafe<{ id: number }[]>(
    `select customer.id from customer left join address on address.id = address_id
     left join customer_relationship on customer_ref = customer.id order by ${order}`,
  );
  return rows.map(({ id }) => id);
}

export const idsOf = ({ results }: { results: { id: number }[] }) => results.map(({ id }) => id);

/** The ids of all pages along `next`, then those along `previous` from the last page, put back in order. */
export async function thereAndBack(room: Room, query: string): Promise<[there: number[], back: number[]]> {
  let page = await room.list(query);
  const there = [idsOf(page)];
  for (; page.next; there.push(idsOf(page))) page = await room.list(page.next);
  const back = [idsOf(page)];
  for (; page.previous; back.push(idsOf(page))) page = await room.list(page.previous);
  return [there.flat(), back.reverse().flat()];
}
