import type { Sql } from '../server/connection.ts';

/**
 * A checksum of all rows of the three tables, whatever their order on disk. Reads everything, which takes some seconds
 * for a million customers.
 */
export async function checksum(sql: Sql): Promise<string> {
  // Times in UTC, because the text of a timestamptz depends on the session's time zone.
  const [row] = await sql<{ sum: string }[]>`
    select concat_ws(' ',
      (select count(*) || ':' || coalesce(sum(hashtextextended(
                row(id, street, street_number, city_code, city, country)::text, 0)), 0)
         from address),
      (select count(*) || ':' || coalesce(sum(hashtextextended(
                row(id, first_name, last_name, gender, customer_id, phone_number, birthday::text,
                    created at time zone 'UTC', last_updated at time zone 'UTC', address_id)::text, 0)), 0)
         from customer),
      (select count(*) || ':' || coalesce(sum(hashtextextended(
                row(id, customer_ref, points, created at time zone 'UTC',
                    last_activity at time zone 'UTC')::text, 0)), 0)
         from customer_relationship)) as sum`;
  return row!.sum;
}
