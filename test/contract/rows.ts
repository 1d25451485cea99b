import type { Address, Customer } from '../../src/contract/customer.ts';
import type { Sql } from '../../src/server/database.ts';

// Inserts customers as the API shows them into empty tables, by SQL. The same address object becomes the same row.

/** Inserts `customers`, whose ids must be 1, 2, 3 …; every relationship has the creation date 2022-02-22. */
export async function insertCustomers(sql: Sql, customers: Customer[]): Promise<void> {
  const addresses = [...new Set(customers.flatMap(({ address }) => address ?? []))];
  const idOf = (address: Address | null) => (address ? addresses.indexOf(address) + 1 : null);
  const json = (rows: object[]) => JSON.stringify(rows);

  await sql`
    insert into address (id, street, street_number, city_code, city, country)
    select id, street, street_number, city_code, city, country
    from jsonb_to_recordset(${json(addresses.map((address) => ({ ...address, id: idOf(address) })))}::text::jsonb)
      as row (id bigint, street text, street_number text, city_code text, city text, country text)`;
  await sql`
    insert into customer (id, first_name, last_name, gender, customer_id, phone_number, birthday, created,
      last_updated, address_id)
    select id, first_name, last_name, gender, customer_id, phone_number, birthday, created, last_updated, address_id
    from jsonb_to_recordset(${json(customers.map((one) => ({ ...one, address_id: idOf(one.address) })))}::text::jsonb)
      as row (id bigint, first_name text, last_name text, gender text, customer_id text, phone_number text,
        birthday date, created timestamptz, last_updated timestamptz, address_id bigint)`;
  const related = customers.filter(({ relationship }) => relationship);
  await sql`
    insert into customer_relationship (customer_ref, points, created, last_activity)
    select id, points, '2022-02-22 12:00:00+00', last_activity
    from jsonb_to_recordset(${json(related.map(({ id, relationship }) => ({ id, ...relationship })))}::text::jsonb)
      as row (id bigint, points integer, last_activity timestamptz)`;
  await sql`
    select setval(pg_get_serial_sequence('customer', 'id'), ${customers.length + 1}, false),
      setval(pg_get_serial_sequence('address', 'id'), ${addresses.length + 1}, false)`;
}

/** The number of rows in each table, and of addresses without a customer. */
export async function rowsOf(sql: Sql): Promise<Record<string, number>> {
  const [row] = await sql`
    select (select count(*) from customer) as customers, (select count(*) from address) as addresses,
      (select count(*) from customer_relationship) as relationships,
      (select count(*) from address
        where id not in (select address_id from customer where address_id is not null)) as orphans`;
  return { ...row };
}
