import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { build, createOrders } from '../../examples/orders/server.ts';
import { connectionSettings } from '../../src/optimized/listing/read.ts';
import { connect, type Sql } from '../../src/server/database.ts';
import { cluster, newName } from '../cluster.ts';

// Tests another table on the same modules: every order, filter and search must give the same as plain SQL in PostgreSQL.

interface Page {
  count: number | null;
  next: string | null;
  previous: string | null;
  results: { id: number; customer: string; amount: number }[];
}

describe('the orders', () => {
  const name = newName();
  let sql: Sql;
  let served: Awaited<ReturnType<typeof createOrders>>;
  beforeAll(async () => {
    const { services, admin } = await cluster();
    await admin.unsafe(`create database ${name}`);
    sql = connect(services.postgres, name, { pool: 3 }, connectionSettings);
    await build(sql, 3_000);
    served = await createOrders(sql, { mode: 'full', timeout: 60, redisUrl: null, scope: name });
  }, 60_000);
  afterAll(async () => {
    await served?.close();
    await sql?.end({ timeout: 5 });
    await (await cluster()).admin.unsafe(`drop database ${name}`);
  });

  const ask = (url: string) => served.app.handle(new Request(new URL(url, 'http://orders/api/v1/orders')));
  const list = async (url: string): Promise<Page> => {
    const response = await ask(url);
    expect(response.status).toBe(200);
    return response.json() as Promise<Page>;
  };
  const idsOf = ({ results }: Page) => results.map(({ id }) => id);
  async function thereAndBack(query: string): Promise<[number[], number[]]> {
    let page = await list(`?${query}`);
    const there = [idsOf(page)];
    for (; page.next; there.push(idsOf(page))) page = await list(page.next);
    const back = [idsOf(page)];
    for (; page.previous; back.push(idsOf(page))) page = await list(page.previous);
    return [there.flat(), back.reverse().flat()];
  }
  const expected = async (condition: string, order: string) =>
    (
      await sql.unsafe<{ id: number }[]>(`select id from order_list_row where ${condition} order by ${order}`)
    ).map(({ id }) => id);

  const keys = {
    placed: 'placed',
    delivered: 'delivered',
    amount: 'amount',
    customer: 'customer collate "C"',
  };
  const sorts = { ...keys, status: 'status, customer collate "C"' };
  const directions = { ascending: 'asc', descending: 'desc' };
  const every = Object.entries(sorts).flatMap(([sort, columns]) =>
    Object.entries(directions).map(([ordering, direction]) => {
      const order = [...columns.split(', '), 'id']
        .map((column) => `${column} ${direction} nulls last`)
        .join(', ');
      return [sort, ordering, order] as const;
    }),
  );

  test.each(every)('sorted by %s, %s, appear once, forwards and backwards', async (sort, ordering, order) => {
    const ids = await expected('true', order);
    expect(await thereAndBack(`sort_by=${sort}&ordering=${ordering}&page_size=100`)).toEqual([ids, ids]);
  });

  test.each([
    ['customer=okafor', `customer ilike '%okafor%'`],
    ['customer=%C4%B1lmaz%201', `customer ilike '%ılmaz 1%'`],
    ['note=twice', `note ilike '%twice%'`],
    ['note=33', `note ilike '%33%'`],
    ['has_note=false', 'note is null'],
    ['status=sent&min_amount=60000', `status = 'sent' and amount >= 60000`],
    ['max_amount=2000&customer=ada', `amount <= 2000 and customer ilike '%ada%'`],
    ['placed_after=2026-11-20', `placed >= '2026-11-20'`],
    ['delivered_before=2026-11-20&status=returned', `delivered <= '2026-11-20' and status = 'returned'`],
    ['search=ada%20sato', `document @@ websearch_to_tsquery('simple', 'ada sato')`],
    ['search=lovelace%20-present', `document @@ websearch_to_tsquery('simple', 'lovelace -present')`],
    ['search=42', `document @@ websearch_to_tsquery('simple', '42')`],
    ['customer=nothing', 'false'],
  ])('with ?%s are those that PostgreSQL finds, in two orders', async (query, condition) => {
    for (const [sort, order] of [
      ['placed', 'placed desc, id desc'],
      ['amount', 'amount desc, id desc'],
    ] as const) {
      const ids = await expected(condition, order);
      expect(await thereAndBack(`${query}&sort_by=${sort}&page_size=40`)).toEqual([ids, ids]);
    }
    expect((await list(`?${query}&count=exact`)).count).toBe((await expected(condition, 'id')).length);
  });

  test('with a negative amount are found and sorted as in PostgreSQL', async () => {
    await sql`insert into purchase (amount, customer)
      select amount, 'Refund' from unnest(array[-2147483648, -2147483648, -500, -500, -2, -1, 0]) amount`;
    for (const [query, condition] of [
      ['min_amount=-500&max_amount=0', 'amount between -500 and 0'],
      ['max_amount=-1.5', 'amount <= -2'],
      ['min_amount=-500&max_amount=-2', 'amount between -500 and -2'],
      ['min_amount=-1e99&max_amount=0', 'amount <= 0'],
      ['max_amount=-1e99', 'false'],
    ] as const) {
      const ids = await expected(condition, 'amount asc, id asc');
      expect([
        query,
        ...(await thereAndBack(`${query}&sort_by=amount&ordering=ascending&page_size=2`)),
      ]).toEqual([...[query, ids, ids]]);
    }
    await sql`delete from purchase where customer = 'Refund'`;
  });

  test('are ranked on request', async () => {
    const search = 'ada twice';
    const rank = `ts_rank(document, websearch_to_tsquery('simple', '${search}'))`;
    const ids = await expected(
      `document @@ websearch_to_tsquery('simple', '${search}')`,
      `${rank} desc, id desc`,
    );
    expect(ids.length).toBeGreaterThan(20);
    expect((await thereAndBack(`search=${encodeURIComponent(search)}&sort_by=relevance`))[0]).toEqual(ids);
  });

  test('are kept in memory, and read again after a change', async () => {
    const query = '?customer=okafor&sort_by=amount';
    const before = await list(query);
    expect((await ask(query)).headers.get('x-from')).toBe('local');
    const [made] = await sql<{ id: number }[]>`
      insert into purchase (amount, customer) values (${2_000_000}, 'New Okafor') returning id`;
    await Bun.sleep(300);
    expect(idsOf(await list(query))).toEqual([made!.id, ...idsOf(before)].slice(0, 20));
    await sql`delete from purchase where id = ${made!.id}`;
    await Bun.sleep(300);
    expect(idsOf(await list(query))).toEqual(idsOf(before));
  });

  test('refuse unknown parameters and values', async () => {
    const response = await ask('?city=Oslo&status=lost');
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { parameter: string }[] };
    expect(errors.map(({ parameter }) => parameter)).toEqual(['city', 'status']);
  });

  test('are listed as in the table after an id is changed or all are removed by SQL', async () => {
    const ids = async (table: string) =>
      (await sql.unsafe<{ id: number }[]>(`select id from ${table} order by id`)).map(({ id }) => id);
    await sql`update purchase set id = default where id = 7`;
    expect(await ids('purchase')).not.toContain(7);
    expect(await ids('order_list')).toEqual(await ids('purchase'));
    await sql`truncate purchase`;
    expect(await ids('order_list')).toEqual([]);
  });
});
