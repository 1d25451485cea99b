import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { within } from '../cluster.ts';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

const whole = {
  first_name: 'Grace',
  last_name: 'Hopper',
  address: { country: 'A', city: 'B', city_code: 'C' },
  relationship: { points: 1 },
};

/** ETags of customers, and changes that are made only if the customer has one of the named ETags. */
export function preconditions(room: () => Room) {
  const tagOf = (response: Response) => response.headers.get('etag')!;
  const read = (id: number, headers = {}) => room().ask(`${customers}/${id}`, { headers });
  const send = (method: string, id: number, tags: string, body?: object) =>
    room().send(method, `/${id}`, body, { 'if-match': tags });

  async function made(body: object = whole): Promise<{ id: number; etag: string }> {
    const response = await room().send('POST', '', body);
    return { id: ((await response.json()) as Customer).id, etag: tagOf(response) };
  }

  describe('the ETag of a customer', () => {
    test('is strong, and the same in every answer with the customer', async () => {
      const { id, etag } = await made();
      expect(etag).toMatch(/^"[\w-]{22}"$/);
      expect(tagOf(await read(id))).toBe(etag);
      const patched = await room().send('PATCH', `/${id}`, { last_name: 'Murray' });
      expect(tagOf(patched)).not.toBe(etag);
      expect(tagOf(await read(id))).toBe(tagOf(patched));
      expect(tagOf(await room().send('PATCH', `/${id}`, {}))).toBe(tagOf(patched));
    });

    test('is different after every change', async () => {
      const { id, etag } = await made();
      const seen = new Set([etag]);
      const patches = [
        { first_name: 'G' },
        { address: { street: 'S' } },
        { relationship: { points: 2 } },
        { relationship: null },
        { address: null },
        { address: null },
      ];
      for (const patch of patches) seen.add(tagOf(await room().send('PATCH', `/${id}`, patch)));
      expect(seen.size).toBe(1 + patches.length);
    });

    test('gives 304 if the client names it', async () => {
      const { id, etag } = await made();
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
        const response = await read(id, { 'if-none-match': known });
        expect([known, response.status, await response.text()]).toEqual([known, 304, '']);
        expect(tagOf(response)).toBe(etag);
      }
      expect((await read(id, { 'if-none-match': '"other"' })).status).toBe(200);
    });
  });

  describe('If-Match', () => {
    test('allows a change while the customer has one of its ETags', async () => {
      const { id, etag } = await made();
      let tag = etag;
      for (const around of [(it: string) => it, (it: string) => `"a,b" ,, ${it},"c"`, () => '*']) {
        const response = await send('PATCH', id, around(tag), { last_name: around(tag) });
        expect([around(tag), response.status]).toEqual([around(tag), 200]);
        tag = tagOf(response);
      }
      expect((await send('DELETE', id, tag)).status).toBe(204);
      expect((await send('DELETE', (await made()).id, '*')).status).toBe(204);
    });

    test('refuses a change if it does not name the current ETag, and changes nothing', async () => {
      const { id, etag } = await made();
      const current = await room().send('PATCH', `/${id}`, { last_name: 'Murray' });
      const [now, rows] = [await current.text(), await rowsOf(room().sql)];
      // A weak ETag never matches, not even that of the customer.
      for (const tags of [etag, '"other"', `W/${tagOf(current)}`, `"a", W/${tagOf(current)}`, '""', '']) {
        for (const patch of [{ last_name: 'X' }, { address: null }, { relationship: { points: 9 } }, {}])
          await expectProblem(await send('PATCH', id, tags, patch), 412);
        await expectProblem(await send('DELETE', id, tags), 412);
      }
      expect(await (await read(id)).text()).toBe(now);
      expect(await rowsOf(room().sql)).toEqual(rows);
    });

    test.each(['abc', '"a', 'w/"a"', '"a" "b"', '*, "a"', '" "', '**'])(
      'is refused as malformed: %s',
      async (tags) => {
        const { id, etag } = await made();
        for (const response of [
          await send('PATCH', id, tags, { last_name: 'X' }),
          await send('DELETE', id, tags),
        ]) {
          const { errors } = await expectProblem(response, 400);
          expect(errors).toEqual([
            { parameter: 'If-Match', message: expect.stringContaining('entity tags') },
          ]);
        }
        expect(tagOf(await read(id))).toBe(etag);
      },
    );

    test('is checked after the faults of a request', async () => {
      const { id } = await made();
      for (const tags of ['"other"', '*']) {
        await expectProblem(await send('PATCH', 999_999, tags, { last_name: 'X' }), 404);
        await expectProblem(await send('DELETE', 999_999, tags), 404);
        await expectProblem(await send('PATCH', id, tags, { last_name: '' }), 422);
      }
      // But it is checked before a conflict of the change.
      const taken = { customer_id: 'CUST-001' };
      await expectProblem(await send('PATCH', id, '"other"', taken), 412);
      await expectProblem(await send('PATCH', id, '*', taken), 409);
    });

    /** $1: the id of the customer, or of the address */
    const others: [part: string, change: string][] = [
      ['address', `update address set city = 'Moved' where id = $1`],
      ['relationship', 'update customer_relationship set points = points + 1 where customer_ref = $1'],
      ['lost relationship', 'delete from customer_relationship where customer_ref = $1'],
      ['name', `update customer set first_name = 'Changed' where id = $1`],
    ];
    test.each(others)(
      'waits for a concurrent change of the %s, and takes it into account',
      async (part, change) => {
        for (const [end, patched, deleted] of [
          ['rollback', 200, 204],
          ['commit', 412, 412],
        ] as const) {
          for (const method of ['PATCH', 'DELETE']) {
            // Without an address: the optimized server's triggers would wait for each other on it.
            const { id, etag } = await made(part === 'address' ? whole : { ...whole, address: null });
            await within(room(), async (other) => {
              await other.unsafe('begin');
              const [row] = await other<{ address: number }[]>`
              select address_id as address from customer where id = ${id}`;
              await other.unsafe(change, [part === 'address' ? row!.address : id]);
              await room().changed(other, [id]);
              const answer = send(method, id, etag, method === 'PATCH' ? { last_name: 'Mine' } : undefined);
              await Bun.sleep(60);
              await other.unsafe(end);
              expect([method, end, (await answer).status]).toEqual([
                method,
                end,
                method === 'PATCH' ? patched : deleted,
              ]);
            });
          }
        }
      },
    );

    test('applies to one customer who shares an address, and not to the others', async () => {
      const [one, other] = await Promise.all([made(), made()]);
      const ids = [one!.id, other!.id];
      const rows = await room().sql<{ address: number }[]>`
        select address_id as address from customer where id = any(${`{${ids}}`}::bigint[]) order by id = ${one!.id} desc`;
      const [home, left] = rows.map(({ address }) => address) as [number, number];
      await room().sql`update customer set address_id = ${home} where id = ${other!.id}`;
      await room().changed(room().sql, ids);
      const tag = tagOf(await read(other!.id));
      expect((await send('PATCH', one!.id, one!.etag, { address: { city: 'Own' } })).status).toBe(200);
      expect((await send('PATCH', other!.id, tag, { address: { city: 'Other' } })).status).toBe(200);
      await room().sql`delete from address where id = ${left}`;
    });

    const edits: object[] = [
      { last_name: 'One' },
      { address: { city: 'Two' } },
      { relationship: { points: 3 } },
      {},
    ];
    test.each(edits)('allows one of 16 concurrent changes to %j and more', async (edit) => {
      for (let round = 0; round < 3; round++) {
        const { id, etag } = await made();
        const answers = await Promise.all(
          Array.from({ length: 16 }, (_, i) => send('PATCH', id, etag, { ...edit, first_name: `Edit ${i}` })),
        );
        const passed = answers.filter(({ status }) => status === 200);
        expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(15).fill(412)]);
        expect(await (await read(id)).text()).toBe(await passed[0]!.text());
      }
    });

    test('allows one of several concurrent changes and deletions', async () => {
      for (let round = 0; round < 5; round++) {
        const { id, etag } = await made();
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, i) =>
            i % 2 ? send('DELETE', id, etag) : send('PATCH', id, etag, { last_name: `${i}` }),
          ),
        );
        const statuses = answers.map(({ status }) => status);
        const deleted = statuses.includes(204);
        expect(statuses.sort()).toEqual([deleted ? 204 : 200, ...Array(7).fill(deleted ? 404 : 412)].sort());
      }
    });

    test('loses no update of clients that read, add one, and write', async () => {
      const { id } = await made();
      const addOne = async (): Promise<void> => {
        const response = await read(id);
        const { points } = ((await response.json()) as Customer).relationship!;
        const written = await send('PATCH', id, tagOf(response), { relationship: { points: points + 1 } });
        if (written.status === 412) return addOne();
        expect(written.status).toBe(200);
      };
      const client = async () => {
        for (let i = 0; i < 5; i++) await addOne();
      };
      await Promise.all([1, 2, 3, 4, 5, 6].map(client));
      expect(((await (await read(id)).json()) as Customer).relationship!.points).toBe(31);
    });
  });
}
