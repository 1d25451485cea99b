import { describe, expect, test } from 'bun:test';
import { useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { insertTied } from '../tied.ts';

// Parts of texts are looked up among the different values of a column. One that was written a moment ago, by SQL from
// outside, must be found all the same, by every access path.

describe('a value that the server has not seen', () => {
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), {
    fill: (sql) => insertTied(sql, 300),
  });
  let number = 0;

  /** Writes a customer whose values nobody had before, and answers what they have in common. */
  async function newcomer(): Promise<string> {
    // Letters alone, beyond f: then a search looks it up among the values.
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

  test.each(every)('is found by %s in a list by %s', async (filter, sort) => {
    const name = await newcomer();
    const { results } = await room().list(`${filter}=${name}&sort_by=${sort}`);
    expect(results.map(({ first_name }) => first_name)).toEqual([name]);
  });

  test.each(filters)('is counted by %s', async (filter) => {
    const name = await newcomer();
    expect((await room().list(`${filter}=${name}&count=exact`)).count).toBe(1);
  });

  test('is found by two words that nobody had when they were asked for before', async () => {
    const query = 'search=zyxfirst zyxlast';
    expect((await room().list(query)).results).toEqual([]);
    await room().sql`insert into customer (first_name, last_name, customer_id)
      values ('Zyxfirst', 'Zyxlast', repeat('0', 32))`;
    expect((await room().list(query)).results).toHaveLength(1);
    expect((await room().list(`${query}&sort_by=relevance`)).results).toHaveLength(1);
  });

  test('is found where a known city now lies in another country as well', async () => {
    const [known] = await room()
      .sql`select city, country from address where city is not null order by id limit 1`;
    const name = await newcomer();
    const query = `city=${encodeURIComponent(known!.city)}&country=${name}&sort_by=country`;
    expect((await room().list(query)).results).toEqual([]);
    await room().sql`update address set city = ${known!.city} where country = ${name}`;
    expect((await room().list(query)).results.map(({ first_name }) => first_name)).toEqual([name]);
  });

  test('is found while it comes with every request anew', async () => {
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
