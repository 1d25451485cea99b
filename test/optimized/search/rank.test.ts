import { describe, expect, test } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';
import { useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { thereAndBack } from '../tied.ts';

// Every page of a list by relevance, forwards and backwards, must match PostgreSQL's ranking: with words that are in several
// columns, twice in one, adjacent or far apart, beside markup that hides them, at the end of a customer_id, and with numbers
// and dates that are substrings of other values.

const fill = (sql: Sql) => sql`
  with place as (
    insert into address (country, city, city_code, street, street_number)
    select (array['Norway', 'Port Robin', 'Robin', '2001-02-03'])[1 + n % 4],
      (array['Port Robin', 'Robin Robin', 'Oslo', 'Robin-Oslo', '1999', 'Oslo Bad Port', 'Oslo City'])[1 + n % 7],
      (array['1234', '91234', '12', '1999-02'])[1 + n % 4],
      (array['Robin Street', 'N Oslo Street', null, '-03 Road', '7 Bad Street'])[1 + n % 5],
      (array['12', '123', '-03', null, '7'])[1 + n % 5]
    from generate_series(1, 60) n
    returning id
  ), person as (
    insert into customer (first_name, last_name, customer_id, phone_number, birthday, address_id)
    select (array['Robin', 'Oslo', 'Anna', 'a<b', 'Robin & Robin'])[1 + n % 5],
      (array['Robin', 'Oslo', 'Robinson', 'Robin>', 'Miller', 'Miller', 'Miller'])[1 + n % 7],
      case when n % 11 = 0 then 'robin 12 ' || n when n % 13 = 0 then lpad(n::text, 26, '1') || 'e12bad'
        else md5(n::text) end,
      (array['+4712345', '0471234', '12', null, '12+34'])[1 + n % 5],
      (array['2001-02-03', '1999-02-03', null]::date[])[1 + n % 3], nullif(n % 61, 0)
    from generate_series(1, 420) n
    returning id
  )
  insert into customer_relationship (customer_ref, points, last_activity)
  select id, (array[12, 1234, 0])[1 + id % 3], '2001-02-03'::timestamptz + (id % 5) * interval '12 hours'
  from person where id % 7 > 0`;

const words = ['robin', 'Oslo', 'MILLER', 'street', 'norway', 'nobody', 'bad'];
const numbers = ['12', '1234', '123', '471', '03', '+47', '1999', '7'];
const dates = ['2001-02-03', '1999-02-03', '2001-02-30'];
const several = [
  'robin 12',
  'oslo 1234',
  'robin 2001-02-03',
  'robin oslo',
  'robin 12 123',
  'miller 47',
  'b robin',
  'port robin',
  'oslo norway',
  'street robin',
  'norway street oslo',
  'oslo street',
  'bad port',
  'robin robin',
  'miller street',
  'oslo street bad',
  'oslo port 12',
  'robin street 7',
  'robin oslo 1234',
  'norway oslo 47',
  'street 12',
  'bad 7',
  'street 1',
  'norway 7',
  'street 123',
  'miller 471',
  'miller 123',
  'robin port 234',
];
const searches = [...words, ...numbers, ...dates, ...several];

const isNumber = (word: string) => /^\+?\d+$/.test(word);

describe('a search', () => {
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), { fill });

  /** What PostgreSQL finds and ranks, word by word. */
  async function expected(search: string, filter: string, order: string): Promise<number[]> {
    const tests = search.split(' ').map((word) => {
      const said = `document @@ websearch_to_tsquery('simple', '${word}')`;
      const inside = ['phone_number', 'city_code', 'street_number'].map(
        (column) => `${column} like '%${word}%'`,
      );
      return isNumber(word) ? [said, ...inside].join(' or ') : said;
    });
    const rows = await room().sql.unsafe<{ id: number }[]>(
      `select id from customer_list where ${[...tests, filter].map((one) => `(${one})`).join(' and ')} order by ${order}`,
    );
    return rows.map(({ id }) => id);
  }

  test.each(searches)('for %p is in the order of relevance on every page', async (search) => {
    for (const [ordering, direction] of [
      ['descending', 'desc'],
      ['ascending', 'asc'],
    ] as const) {
      for (const [filter, meaning] of [
        ['', 'true'],
        ['&gender=undefined&max_points=99', 'points <= 99'],
      ] as const) {
        const rank = `ts_rank(document, websearch_to_tsquery('simple', '${search}'))`;
        const ids = await expected(search, meaning, `${rank} ${direction}, id ${direction}`);
        const query = `search=${encodeURIComponent(search)}&sort_by=relevance&ordering=${ordering}${filter}`;
        for (const size of [1, 17, 100]) {
          if (size === 1 && ids.length > 25) continue;
          const [there, back] = await thereAndBack(room(), `${query}&page_size=${size}`);
          expect({ query, size, there, back }).toEqual({ query, size, there: ids, back: ids });
        }
      }
    }
  });

  test.each(searches)('for %p finds the same rows in any other order', async (search) => {
    for (const sort of ['created', 'points', 'city']) {
      const order = sort === 'created' ? 'created desc, id desc' : `${sort} asc nulls last, id asc`;
      const ids = await expected(search, 'true', order);
      const query = `search=${encodeURIComponent(search)}&sort_by=${sort}${sort === 'created' ? '' : '&ordering=ascending'}`;
      const [there, back] = await thereAndBack(room(), `${query}&page_size=100`);
      expect({ query, there, back }).toEqual({ query, there: ids, back: ids });
    }
  });
});
