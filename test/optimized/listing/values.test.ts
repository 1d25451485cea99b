import { describe, expect, test } from 'bun:test';
import { useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { insertTied } from '../tied.ts';

// Substrings are looked up among the distinct values of a column. A value that SQL from outside wrote a moment ago must be
// found as well, by every access path.

describe('a value that the server has not seen', () => {
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), {
    fill: (sql) => insertTied(sql, 300),
  });
  let number = 0;

  /** Inserts a customer whose values no row had before, and returns the text that they have in common. */
  async function newcomer(): Promise<string> {
    // Only letters, beyond f, so that a search looks it up among the values.
    const name = `zyx${[...`${number++}`].map((digit) => 'ghijklmnop'[Number(digit)]).join('')}quon`;
    const place = number % 2 === 0 ? name : `${name} with ${name}sy`;
    await room().sql`
      with home as (
        insert into address (country, city, city_code, street) values (${name}, ${place}, ${name}, ${name}) returning id
      )
      insert into customer (first_name, last_name, customer_id, address_id) select ${name}, ${name}, ${name}, id from home`;
    return name;
  }

  const sorts = ['created', 'full_name', 'city', 'country', 'points', 'customer_id'];
  const filters = [
    'first_name',
    'last_name',
    'country',
    'city',
    'city_code',
    'street',
    'customer_id',
    'search',
  ];
  const every = sorts.flatMap((sort) => filters.map((filter) => [filter, sort] as const));

  test.each(every)('is found by %s in a list sorted by %s', async (filter, sort) => {
    const name = await newcomer();
    const { results } = await room().list(`${filter}=${name}&sort_by=${sort}`);
    expect(results.map(({ first_name }) => first_name)).toEqual([name]);
  });

  test.each(filters)('is counted by %s', async (filter) => {
    const name = await newcomer();
    expect((await room().list(`${filter}=${name}&count=exact`)).count).toBe(1);
  });

  test('is found by two words that no row had at the previous request', async () => {
    const query = 'search=zyxfirst zyxlast';
    expect((await room().list(query)).results).toEqual([]);
    await room().sql`insert into customer (first_name, last_name, customer_id)
      values ('Zyxfirst', 'Zyxlast', repeat('0', 32))`;
    expect((await room().list(query)).results).toHaveLength(1);
    expect((await room().list(`${query}&sort_by=relevance`)).results).toHaveLength(1);
  });

  test('is found if a known city now also lies in another country', async () => {
    const [known] = await room()
      .sql`select city, country from address where city is not null order by id limit 1`;
    const name = await newcomer();
    const query = `city=${encodeURIComponent(known!.city)}&country=${name}&sort_by=country`;
    expect((await room().list(query)).results).toEqual([]);
    await room().sql`update address set city = ${known!.city} where country = ${name}`;
    expect((await room().list(query)).results.map(({ first_name }) => first_name)).toEqual([name]);
  });

  test('is found even if every request comes with a new one', async () => {
    const names = await Promise.all(Array.from({ length: 40 }, newcomer));
    const lists = await Promise.all(
      names.map(async (name) => {
        await newcomer();
        return room().list(`search=${name}`);
      }),
    );
    expect(lists.map(({ results }) => results.length)).toEqual(names.map(() => 1));
  });
});
