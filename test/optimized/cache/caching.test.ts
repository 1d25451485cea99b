import { describe, expect, test } from 'bun:test';
import { within } from '../../cluster.ts';
import { insertPeople } from '../../contract/people.ts';
import { hasRedis } from '../../redis.ts';
import { customers, type Page, type Room, useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

const open = (cache: 'full' | 'redis' | 'off') => (options?: object) => openOptimized({ ...options, cache });

/** How a request was answered: the layer, the number of statements, and the ETag. */
async function asked(room: Room, path: string, headers: Record<string, string> = {}) {
  const response = await room.ask(path, { headers });
  const body = response.status === 200 ? ((await response.json()) as Page) : null;
  return {
    status: response.status,
    cache: response.headers.get('cache-status'),
    etag: response.headers.get('etag'),
    queries: body?.performance?.query_count,
    body,
  };
}

describe('the cache', () => {
  const room = useRoom(open('full'), { fill: insertPeople });

  test('answers the same list, written differently, without a statement', async () => {
    const first = await asked(room(), `${customers}?first_name=some&gender=female&count=exact`);
    expect(first.cache).toBe('customers; fwd=uri-miss; stored');
    expect(first.queries).toBeGreaterThan(1);
    for (const query of [
      'first_name=some&gender=female&count=exact',
      'count=exact&gender=female&first_name=some&city=',
      'first_name=SOME&gender=female&count=exact&sort_by=created&page_size=20&ordering=descending',
    ]) {
      const again = await asked(room(), `${customers}?${query}`);
      expect(again).toMatchObject({ cache: 'customers; hit; detail=local', queries: 0 });
      expect(again.body!.results).toEqual(first.body!.results);
      expect(again.body!.performance.execution_time_s).toBeGreaterThan(0);
    }
  });

  test('does not mix up similar lists', async () => {
    const queries = [
      '',
      'page_size=2',
      'page=2&page_size=2',
      'count=exact',
      'ordering=ascending',
      'search=One',
    ];
    const more = ['first_name=one', 'last_name=one', 'min_points=1', 'max_points=1', 'search=one or one'];
    for (const query of [...queries, ...more]) {
      const { queries: made } = await asked(room(), `${customers}?street_number=1&${query}`);
      expect([query, made! > 0]).toEqual([query, true]);
    }
  });

  test('links to the host of the request, not to that of the first request', async () => {
    const path = `${customers}?page_size=1&last_name=o`;
    await asked(room(), `http://one.test${path}`);
    const { body, queries } = await asked(room(), `http://other.test:8080${path}`);
    expect(queries).toBe(0);
    expect(body!.next).toStartWith(`http://other.test:8080${path}&cursor=`);
  });

  test('also serves single customers, including missing ones', async () => {
    const first = await asked(room(), `${customers}/1`);
    expect(first.cache).toContain('fwd=uri-miss');
    expect((await asked(room(), `${customers}/1`)).cache).toBe('customers; hit; detail=local');
    for (const _ of [1, 2]) expect((await asked(room(), `${customers}/999`)).status).toBe(404);
  });

  test('drops the entries that a write can change, and keeps the rest', async () => {
    const changed = [
      'first_name=thirdperson',
      'count=exact',
      'page_size=2',
      'search=thirdperson',
      'search=-x',
    ];
    const kept = [
      'first_name=some',
      'gender=female',
      'min_points=200&count=exact',
      'search=someone',
      'sort_by=points&page_size=1',
    ];
    const ask = (query: string) => asked(room(), `${customers}?${query}`);
    for (const [method, to, body] of [
      ['PATCH', '/3', { last_name: 'Changed' }],
      ['POST', '', { first_name: 'Thirdperson', last_name: 'Again' }],
      ['DELETE', '/5', undefined],
    ] as const) {
      for (const query of [...changed, ...kept]) {
        await ask(query);
        expect((await ask(query)).cache).toContain('local');
      }
      expect((await room().send(method, to, body)).status).toBeLessThan(300);
      for (const query of changed)
        expect([query, (await ask(query)).cache]).toEqual([query, 'customers; fwd=uri-miss; stored']);
      for (const query of kept) expect([query, (await ask(query)).queries]).toEqual([query, 0]);
      const { body: after } = await ask('first_name=thirdperson');
      expect(after!.results.at(-1)!.last_name).toBe('Changed');
    }
  });

  test('drops entries at a write by SQL after the commit, but neither before it nor at a rollback', async () => {
    const path = `${customers}?last_name=hand`;
    const statements = [
      [`update customer set last_name = 'Hand ' || id where id = 1`, ['Hand 1']],
      [`update address set city = 'Hand' where id = 1`, ['Hand 1']],
      [`truncate customer_relationship`, ['Hand 1']],
      [`delete from customer where id = 1`, []],
    ] as const;
    await asked(room(), path);
    for (const [statement, names] of statements) {
      const before = await asked(room(), path);
      expect(before.queries).toBe(0);
      for (const end of ['rollback', 'commit']) {
        await within(room().name, async (writer) => {
          await writer.unsafe('begin').simple();
          await writer.unsafe(statement).simple();
          await Bun.sleep(60);
          expect((await asked(room(), path)).body!.results).toEqual(before.body!.results);
          expect((await asked(room(), path)).queries).toBe(0);
          await writer.unsafe(end).simple();
        });
        if (end === 'commit') continue;
        await Bun.sleep(60);
        expect((await asked(room(), path)).queries).toBe(0);
      }
      await Bun.sleep(150);
      const after = await asked(room(), path);
      expect([statement, after.queries! > 0]).toEqual([statement, true]);
      expect(after.body!.results.map(({ last_name }) => last_name)).toEqual([...names]);
      await asked(room(), path);
    }
  });
});

describe('an ETag', () => {
  const room = useRoom(open('full'), { fill: insertPeople });

  test.each([`${customers}?first_name=some`, `${customers}/1`])(
    'of %s gives 304 while it is current',
    async (path) => {
      const { etag } = await asked(room(), path);
      expect(etag).toMatch(path.endsWith('/1') ? /^"[^"]+"$/ : /^W\/"[^"]+"$/);
      const opaque = etag!.replace('W/', '');
      const same = await room().ask(path, { headers: { 'if-none-match': etag! } });
      expect([same.status, await same.text()]).toEqual([304, '']);
      expect(same.headers.get('etag')).toBe(etag!);
      const matching = [`"other", ${etag}`, `${etag}, W/"other"`, opaque, `W/${opaque}`, '*'];
      for (const header of matching) {
        expect([header, (await asked(room(), path, { 'if-none-match': header })).status]).toEqual([
          header,
          304,
        ]);
      }
      for (const header of ['"other"', 'W/"other"', `W/"x${opaque.slice(1)}`]) {
        expect([header, (await asked(room(), path, { 'if-none-match': header })).status]).toEqual([
          header,
          200,
        ]);
      }
      await room().send('PATCH', '/1', { last_name: `At ${Date.now()}` });
      const changed = await asked(room(), path, { 'if-none-match': etag! });
      expect(changed.status).toBe(200);
      expect(changed.etag).not.toBe(etag);
    },
  );

  test('is the same for the same answer, also after it is read again', async () => {
    const { etag } = await asked(room(), customers);
    await room().send('POST', '', { first_name: 'There', last_name: 'For a moment' });
    await room().send('DELETE', '/5');
    const again = await asked(room(), customers);
    expect(again.cache).toContain('fwd');
    expect(again.etag).toBe(etag);
  });
});

describe('CACHE=off', () => {
  const room = useRoom(open('off'), { fill: insertPeople });
  test('reads from the database each time', async () => {
    for (const _ of [1, 2]) {
      expect(await asked(room(), customers)).toMatchObject({ queries: 1, cache: 'customers; fwd=bypass' });
    }
    await room().sql`update customer set last_name = 'By hand' where id = 1`;
    expect((await asked(room(), `${customers}?last_name=hand`)).body!.results).toHaveLength(1);
  });
});

describe.if(hasRedis)('CACHE=redis', () => {
  const room = useRoom(open('redis'), { fill: insertPeople });
  test('finds answers only in Redis', async () => {
    expect((await asked(room(), customers)).cache).toBe('customers; fwd=uri-miss; stored');
    // The answer is stored after it is given, if Redis answers in time.
    let again = await asked(room(), customers);
    for (let tries = 0; again.queries !== 0 && tries < 100; tries++) {
      await Bun.sleep(20);
      again = await asked(room(), customers);
    }
    expect(again).toMatchObject({ queries: 0, cache: 'customers; hit; detail=redis' });
    await room().send('PATCH', '/1', { last_name: 'New' });
    expect((await asked(room(), customers)).queries).toBe(1);
  });
});
