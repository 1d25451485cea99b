import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

const whole = {
  first_name: 'Ada',
  last_name: 'Lovelace',
  gender: 'female',
  phone_number: '+441234567890',
  birthday: '1815-12-10',
  address: { country: 'England', city: 'London', city_code: 'W1', street: 'Square', street_number: '12' },
  relationship: { points: 7, last_activity: '2024-02-29T12:34:56.123456Z' },
};

/** Changing customers with JSON merge patches. */
export function change(room: () => Room) {
  const made = async (body: object = whole) =>
    (await (await room().send('POST', '', body)).json()) as Customer;

  /** Applies `patch`, and checks that the answer and later reads are `expected`. */
  async function patched(before: Customer, patch: object, expected: object): Promise<Customer> {
    const response = await room().send('PATCH', `/${before.id}`, patch);
    const after = (await response.json()) as Customer;
    expect({ status: response.status, ...after }).toEqual({
      status: 200,
      ...before,
      ...expected,
      last_updated: after.last_updated,
    } as typeof after & { status: number });
    expect(await (await room().ask(`${customers}/${before.id}`)).text()).toBe(JSON.stringify(after));
    expect((await room().list(`customer_id=${after.customer_id}`)).results).toContainEqual(after);
    expect((await rowsOf(room().sql)).orphans).toBe(0);
    return after;
  }

  describe('a patch', () => {
    test('changes the fields that it names, and last_updated', async () => {
      const before = await made();
      const after = await patched(before, { last_name: 'King' }, { last_name: 'King' });
      expect(after.last_updated > before.last_updated).toBeTrue();
      const fields = {
        first_name: 'B',
        gender: 'undefined',
        phone_number: '+4915112345678',
        birthday: '2000-02-29',
      };
      await patched(after, fields, fields);
      await patched(await made(), { customer_id: 'NEW' }, { customer_id: 'NEW' });
    });

    test('without fields changes nothing', async () => {
      const before = await made();
      const after = await patched(before, {}, {});
      expect(after.last_updated).toBe(before.last_updated);
    });

    test('clears nullable fields with null, and nothing else', async () => {
      const nulls = { phone_number: null, birthday: null, address: null, relationship: null };
      const cleared = await patched(await made(), nulls, nulls);
      await patched(cleared, nulls, nulls);
      const { first_name, last_name, ...rest } = whole;
      await patched(cleared, rest, rest);
    });

    test('merges into an address and a relationship', async () => {
      const before = await made();
      const { address, relationship } = whole;
      let now = await patched(
        before,
        { address: { street: null } },
        { address: { ...address, street: null } },
      );
      now = await patched(
        now,
        { address: { city: 'Oxford' } },
        { address: { ...address, street: null, city: 'Oxford' } },
      );
      now = await patched(
        now,
        { relationship: { points: 8 } },
        { relationship: { ...relationship, points: 8 } },
      );
      const idle = { points: 8, last_activity: null };
      now = await patched(now, { relationship: { last_activity: null } }, { relationship: idle });
      await patched(now, { address: {}, relationship: {} }, {});
    });

    test('creates an address or a relationship if there is none', async () => {
      const before = await made({ first_name: 'A', last_name: 'B' });
      const address = { country: 'A', city: 'B', city_code: 'C' };
      const expected = { ...address, street: null, street_number: null };
      const now = await patched(before, { address }, { address: expected });
      const relationship = { points: 0, last_activity: '2024-01-01T00:00:00.000000Z' };
      await patched(now, { relationship: { last_activity: '2024-01-01' } }, { relationship });
      await patched(
        await made({ first_name: 'A', last_name: 'B' }),
        { relationship: {} },
        {
          relationship: { points: 0, last_activity: null },
        },
      );
    });

    test('that leaves an address incomplete is refused, with all of its changes', async () => {
      const before = await made({ first_name: 'A', last_name: 'B' });
      const patch = { first_name: 'changed', address: { city: 'B' }, relationship: { points: 1 } };
      const problem = await expectProblem(await room().send('PATCH', `/${before.id}`, patch), 422);
      expect(problem.errors!.map(({ path }) => path).sort()).toEqual([
        '/address/city_code',
        '/address/country',
      ]);
      expect(await (await room().ask(`${customers}/${before.id}`)).json()).toEqual(before);
    });

    test('to a taken customer_id gives 409, and changes nothing', async () => {
      const [one, other] = [await made(), await made()];
      const rows = await rowsOf(room().sql);
      const address = { country: 'Z', city: 'Z', city_code: 'Z' };
      const patch = { customer_id: other.customer_id, address, relationship: { points: 99 } };
      const problem = await expectProblem(await room().send('PATCH', `/${one.id}`, patch), 409);
      expect(problem.errors).toEqual([{ path: '/customer_id', message: 'is taken' }]);
      expect(await (await room().ask(`${customers}/${one.id}`)).json()).toEqual(one);
      expect(await rowsOf(room().sql)).toEqual(rows);
      await patched(one, { customer_id: one.customer_id }, {});
    });

    test('gives 404 for a missing customer, and 422 for a malformed id', async () => {
      await expectProblem(await room().send('PATCH', '/999999', { last_name: 'X' }), 404);
      await expectProblem(await room().send('PATCH', '/999999', {}), 404);
      await expectProblem(await room().send('PATCH', '/99999999999999999999', {}), 404);
      await expectProblem(await room().send('PATCH', '/abc', { last_name: 'X' }), 422);
    });
  });

  describe('a deletion', () => {
    test('removes the customer, the address and the relationship', async () => {
      const rows = await rowsOf(room().sql);
      const { id } = await made();
      const response = await room().send('DELETE', `/${id}`);
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(await rowsOf(room().sql)).toEqual(rows);
      await expectProblem(await room().ask(`${customers}/${id}`), 404);
      await expectProblem(await room().send('DELETE', `/${id}`), 404);
      await expectProblem(await room().send('PATCH', `/${id}`, { last_name: 'X' }), 404);
    });

    test('gives 422 for a malformed id', async () => {
      await expectProblem(await room().send('DELETE', '/abc'), 422);
      await expectProblem(await room().send('DELETE', '/99999999999999999999'), 404);
    });
  });

  test('a write is seen by every read that follows it', async () => {
    const name = 'Readyourwrites';
    const reads = async (id: number) => {
      const pages = await Promise.all([
        room().list(`first_name=${name}&count=exact`),
        room().list(`search=${name}&count=exact`),
        room().list('page_size=1'),
        room().list(`search=${name}&sort_by=relevance`),
      ]);
      const [filtered, searched, newest, ranked] = pages.map(({ results }) => results[0]?.last_name);
      const byId = await room().ask(`${customers}/${id}`);
      const one = byId.status === 200 ? ((await byId.json()) as Customer).last_name : byId.status;
      return { filtered, searched, newest, ranked, one, counts: pages.slice(0, 2).map(({ count }) => count) };
    };
    const seen = (last: string) => ({
      ...{ filtered: last, searched: last, newest: last, ranked: last, one: last, counts: [1, 1] },
    });
    const newest = (await room().list('page_size=1')).results[0]!.last_name;
    for (let round = 0; round < 5; round++) {
      const { id } = await made({ first_name: name, last_name: `Made${round}` });
      expect(await reads(id)).toEqual(seen(`Made${round}`));
      await room().send('PATCH', `/${id}`, { last_name: `Changed${round}` });
      expect(await reads(id)).toEqual(seen(`Changed${round}`));
      await room().send('DELETE', `/${id}`);
      const gone = { filtered: undefined, searched: undefined, ranked: undefined, counts: [0, 0] };
      expect(await reads(id)).toEqual({ ...gone, newest, one: 404 });
    }
  });
}
