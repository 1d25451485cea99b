import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { within } from '../cluster.ts';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

const katherine = {
  first_name: 'Katherine',
  last_name: 'Johnson',
  address: { country: 'A', city: 'B', city_code: 'C' },
  relationship: { points: 1, last_activity: '2024-01-01T00:00:00Z' },
};

/** Repeated creates. */
export function idempotency(room: () => Room) {
  const post = (key: string, body: object = katherine) =>
    room().send('POST', '', body, { 'idempotency-key': key });
  const seen = async (response: Response) => ({
    status: response.status,
    location: response.headers.get('location'),
    etag: response.headers.get('etag'),
    body: await response.text(),
  });
  const counted = async () => (await rowsOf(room().sql)).customers;

  /** A key that no other test uses. */
  const newKey = () => crypto.randomUUID();

  describe('a create with an Idempotency-Key', () => {
    test('that is repeated creates nothing, and gets the same answer', async () => {
      const key = newKey();
      const first = await seen(await post(key));
      expect(first.status).toBe(201);
      const rows = await rowsOf(room().sql);
      expect(await seen(await post(key))).toEqual(first);
      // The answer stays the same after the customer is changed or deleted.
      await room().send('PATCH', first.location!.slice(customers.length), { last_name: 'Goble' });
      expect(await seen(await post(key))).toEqual(first);
      expect(await rowsOf(room().sql)).toEqual(rows);
      await room().send('DELETE', first.location!.slice(customers.length));
      expect(await seen(await post(key))).toEqual(first);
      expect((await room().ask(first.location!)).status).toBe(404);
    });

    test('is the same with the key in quotes or not, and with the fields in any order', async () => {
      const key = newKey();
      const first = await seen(await post(key));
      expect(await seen(await post(`"${key}"`))).toEqual(first);
      const { relationship, ...others } = katherine;
      const activity = { last_activity: '2024-01-01', points: 1 };
      expect(await seen(await post(key, { relationship: activity, ...others }))).toEqual(first);
    });

    test('that repeats the key for another customer gives 422, and creates nothing', async () => {
      const key = newKey();
      const first = await seen(await post(key));
      const rows = await rowsOf(room().sql);
      const { relationship, ...others } = katherine;
      const bodies = [others, { ...katherine, last_name: 'johnson' }, { ...katherine, gender: 'undefined' }];
      for (const body of bodies) {
        const { errors } = await expectProblem(await post(key, body), 422);
        expect(errors).toEqual([{ parameter: 'Idempotency-Key', message: expect.any(String) }]);
      }
      expect(await rowsOf(room().sql)).toEqual(rows);
      expect(await seen(await post(key))).toEqual(first);
    });

    test('creates another customer if the key differs or is missing', async () => {
      const before = await counted();
      const key = newKey();
      const answers = [
        await post(key),
        await post(`${key}2`),
        await post(key.toUpperCase()),
        await room().send('POST', '', katherine),
        await room().send('POST', '', katherine),
      ];
      const ids = new Set(await Promise.all(answers.map(async (it) => ((await it.json()) as Customer).id)));
      expect([ids.size, await counted()]).toEqual([5, before! + 5]);
    });

    test('that is refused leaves the key free', async () => {
      const key = newKey();
      await expectProblem(await post(key, { ...katherine, customer_id: 'CUST-001' }), 409);
      await expectProblem(await post(key, { ...katherine, first_name: '' }), 422);
      expect((await post(key)).status).toBe(201);
    });

    test.each(['a b', 'é', 'a,b', '"a', 'a"', '', '""', 'a\\', 'a'.repeat(256)])(
      'of %p gives 400',
      async (key) => {
        const before = await counted();
        const { errors } = await expectProblem(await post(key), 400);
        expect(errors).toEqual([
          { parameter: 'Idempotency-Key', message: expect.stringContaining('1 to 255 visible ASCII') },
        ]);
        expect(await counted()).toBe(before);
      },
    );

    test('accepts a key of 255 characters, whichever are used', async () => {
      const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => i + 33));
      const key = visible
        .replace(/["\\,]/g, '')
        .repeat(3)
        .slice(0, 255);
      const first = await seen(await post(key));
      expect(first.status).toBe(201);
      expect(await seen(await post(key))).toEqual(first);
    });
  });

  describe('concurrent creates with one Idempotency-Key', () => {
    test('get the same answer', async () => {
      for (let round = 0; round < 5; round++) {
        const [key, before] = [newKey(), await counted()];
        const answers = await Promise.all(Array.from({ length: 16 }, async () => seen(await post(key))));
        expect(answers[0]!.status).toBe(201);
        expect(answers).toEqual(Array(16).fill(answers[0]!));
        expect(await counted()).toBe(before! + 1);
      }
    });

    test('for two customers create one of them', async () => {
      const [key, before] = [newKey(), await counted()];
      const statuses = await Promise.all(
        Array.from({ length: 16 }, async (_, i) => {
          const { status } = await post(key, { ...katherine, first_name: `Name ${i % 2}` });
          return status;
        }),
      );
      expect(statuses.sort()).toEqual([...Array(8).fill(201), ...Array(8).fill(422)]);
      expect(await counted()).toBe(before! + 1);
    });

    test('wait for the first, and another one takes its place if it fails', async () => {
      const [key, before] = [newKey(), await counted()];
      await within(room(), async (other) => {
        // The first create waits for this transaction.
        await other`begin`;
        const [row] = await other<{ id: number }[]>`
          insert into customer (first_name, last_name, customer_id) values ('A', 'B', ${key}) returning id`;
        await room().changed(other, [row!.id]);
        const first = post(key, { ...katherine, customer_id: key });
        await Bun.sleep(60);
        const second = post(key);
        await Bun.sleep(60);
        expect(await Promise.race([second, Bun.sleep(60)])).toBeUndefined();
        await other`commit`;
        expect([(await first).status, (await second).status]).toEqual([409, 201]);
      });
      expect(await counted()).toBe(before! + 2);
    });
  });

  test('a create gets 409 if another one with its Idempotency-Key does not end', async () => {
    const key = newKey();
    await within(room(), async (other) => {
      await other`begin`;
      await other`insert into idempotency_key (key, request) values (${key}, '')`;
      const began = performance.now();
      const response = await post(key);
      expect(performance.now() - began).toBeWithin(1_900, 10_000);
      await expectProblem(response, 409);
      expect(response.headers.get('retry-after')).toBe('1');
      await other`rollback`;
    });
    expect((await post(key)).status).toBe(201);
  });

  describe('an Idempotency-Key', () => {
    const age = (key: string, interval: string) =>
      room().sql`update idempotency_key set created = now() - ${interval}::text::interval where key = ${key}`;

    test('is valid for a day', async () => {
      const key = newKey();
      const first = await seen(await post(key));
      await age(key, '23 hours 59 minutes');
      // This create deletes older keys.
      await post(newKey());
      expect(await seen(await post(key))).toEqual(first);
      await age(key, '24 hours 1 second');
      const other = { ...katherine, last_name: 'Later' };
      const later = await seen(await post(key, other));
      expect([later.status, later.location === first.location]).toEqual([201, false]);
      expect(await seen(await post(key, other))).toEqual(later);
    });

    test('is deleted after a day, and no create waits for that', async () => {
      await room().sql`
        insert into idempotency_key (key, request, created)
        select 'old ' || n, '', now() - interval '25 hours' - n * interval '1 second' from generate_series(1, 7) n`;
      const old = async () =>
        (await room().sql`select key from idempotency_key where key like 'old %' order by key`).map(
          ({ key }) => key,
        );
      await within(room(), async (other) => {
        await other`begin`;
        await other`select from idempotency_key where key = 'old 7' for update`;
        expect((await post(newKey())).status).toBe(201);
        expect(await old()).toEqual(['old 1', 'old 2', 'old 3', 'old 4', 'old 7']);
        await other`commit`;
      });
      await Promise.all([1, 2, 3].map(() => post(newKey())));
      expect(await old()).toEqual([]);
    });
  });
}
