import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';
import { within } from '../../cluster.ts';
import { insertCrowd } from '../../contract/crowd.ts';
import { withRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { expectInStep } from './in-step.ts';

setDefaultTimeout(60_000);

// SQL from outside, directly on the base tables. These statements run one after another on the same eighty customers.

const statements: [what: string, ...texts: string[]][] = [
  [
    'a new customer',
    `insert into customer (first_name, last_name, customer_id) values ('New', 'Name', 'x-1')`,
  ],
  [
    'many new customers with addresses and relationships at once',
    `with place as (insert into address (country, city, city_code) select 'C', 'T' || n, '1'
       from generate_series(1, 5) n returning id),
     person as (insert into customer (first_name, last_name, customer_id, address_id)
       select 'Many', 'At once', 'm-' || id, id from place returning id)
     insert into customer_relationship (customer_ref, points) select id, 5 from person`,
  ],
  [
    'a changed name',
    `update customer set first_name = 'Changed "\\ \u2028', last_updated = now() where id = 3`,
  ],
  [
    'every column changed',
    `update customer set phone_number = null, birthday = '0001-01-01', gender = 'male',
     customer_id = 'c-' || id, created = created + interval '1 microsecond', last_name = 'L' || id`,
  ],
  [
    'a statement that changes nothing',
    `update customer set first_name = first_name`,
    `delete from customer where false`,
  ],
  ['an address that several have', `update address set city = 'Moved', street = null where id in (1, 2, 3)`],
  [
    'an address taken, and given up',
    `update customer set address_id = 1 where address_id is null`,
    `update customer set address_id = null where id % 4 = 0`,
  ],
  [
    'an address that nobody has',
    `insert into address (country, city, city_code) values ('N', 'N', 'N')`,
    `update address set city = 'Still nobody' where country = 'N'`,
    `delete from address where country = 'N'`,
  ],
  [
    'new relationships',
    `insert into customer_relationship (customer_ref, points) select id, 1 from customer
     where not exists (select from customer_relationship where customer_ref = customer.id)`,
  ],
  [
    'changed points and times',
    `update customer_relationship set points = points + 1, last_activity = now() where id % 2 = 0`,
    `update customer_relationship set last_activity = null where id % 3 = 0`,
  ],
  [
    'a relationship of another date, of which only the words know',
    `update customer_relationship set created = '2001-02-03'`,
  ],
  [
    'a relationship that goes to another customer',
    `delete from customer_relationship where customer_ref = 2`,
    `update customer_relationship set customer_ref = 2 where customer_ref = 1`,
  ],
  [
    'an upsert',
    `insert into customer_relationship (customer_ref, points) values (2, 77)
     on conflict (customer_ref) do update set points = excluded.points`,
  ],
  [
    'a merge',
    `merge into customer using (values (2, 'Merged'), (100000, 'Made')) new (id, name) on customer.id = new.id
     when matched then update set first_name = new.name
     when not matched then insert (first_name, last_name, customer_id) values (new.name, 'by merge', 'merge-1')`,
  ],
  ['deleted relationships', `delete from customer_relationship where id % 5 = 0`],
  ['deleted customers', `delete from customer where id between 10 and 20`],
  [
    'changed ids',
    `delete from customer_relationship`,
    `update customer set id = id + 1000`,
    `update customer set id = 5000 - id`,
  ],
  [
    'what is rolled back',
    `begin; update customer set first_name = 'Nobody'; update address set city = 'Nowhere'; rollback`,
  ],
  [
    'what is rolled back in part',
    `begin; update customer set first_name = 'Somebody'; savepoint one;
     delete from customer; rollback to one; update address set city = 'Somewhere'; commit`,
  ],
  [
    'a relationship for everybody',
    `insert into customer_relationship (customer_ref) select id from customer`,
  ],
  ['truncated relationships', `truncate customer_relationship`],
  ['everything truncated', `truncate customer, address cascade`],
  [
    'a customer after that',
    `insert into customer (first_name, last_name, customer_id) values ('Only', 'One', 'x-1')`,
  ],
];

describe('the read model', () => {
  test('follows SQL from outside', () =>
    withRoom(openOptimized, { fill: insertCrowd }, async ({ sql, name }) => {
      await expectInStep(sql);
      for (const [what, ...texts] of statements) {
        const before = await contents(sql);
        await within(name, async (one) => {
          for (const text of texts) await one.unsafe(text);
        });
        try {
          await expectInStep(sql);
        } catch (error) {
          throw new Error(`After ${what}: ${(error as Error).message}`);
        }
        if (!/nothing|nobody|rolled back$/.test(what))
          expect([what, await contents(sql)]).not.toEqual([what, before]);
      }
      expect(await contents(sql)).toContain(',Only,');
    }));

  test('refuses what the tables refuse, and stays unchanged', () =>
    withRoom(openOptimized, { fill: insertCrowd }, async ({ sql }) => {
      const before = await contents(sql);
      const refused = [
        `update customer set customer_id = 'same'`,
        `update customer set gender = 'other' where id = 1`,
        `insert into customer (first_name, last_name, customer_id, address_id) values ('A', 'B', 'C', 9999)`,
        `update customer_relationship set points = -1`,
        `delete from address`,
      ];
      for (const text of refused) await expect(sql.unsafe(text).execute()).rejects.toThrow(/constraint/);
      expect(await contents(sql)).toBe(before);
      await expectInStep(sql);
    }));

  test('shows no change before it is committed', () =>
    withRoom(openOptimized, { fill: insertCrowd }, async ({ sql, name }) => {
      const before = await contents(sql);
      await within(name, async (writer) => {
        await writer.unsafe(`begin; update customer set first_name = 'Hidden'`);
        expect(await contents(sql)).toBe(before);
        await writer.unsafe('commit');
      });
      expect(await contents(sql)).toContain('Hidden');
    }));
});

/** All rows of the read model, as one text. */
const contents = async (sql: Sql): Promise<string> =>
  (
    await sql<{ all: string }[]>`select coalesce(string_agg(list::text, e'\n' order by id), '') as all
    from customer_list list`
  )[0]!.all;
