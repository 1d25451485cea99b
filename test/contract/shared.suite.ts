import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { customers, type Room } from '../rooms.ts';
import { rowsOf } from './rows.ts';

const home = { country: 'Shared', city: 'City', city_code: '1', street: 'Street', street_number: null };

/** Addresses that several customers share. Only SQL creates them: the API gives every customer its own address. */
export function shared(room: () => Room) {
  /** Creates customers who share one address. */
  async function family(size: number): Promise<number[]> {
    const rows = await room().sql<{ id: number }[]>`
      with place as (
        insert into address (country, city, city_code, street) values ('Shared', 'City', '1', 'Street') returning id
      )
      insert into customer (first_name, last_name, customer_id, address_id)
      select 'Member', 'Of', gen_random_uuid()::text, place.id from place, generate_series(1, ${size}) returning id`;
    const ids = rows.map(({ id }) => id);
    await room().changed(room().sql, ids);
    return ids;
  }
  const addressOf = async (id: number) =>
    ((await (await room().ask(`${customers}/${id}`)).json()) as Customer).address;
  const orphans = async () => (await rowsOf(room().sql)).orphans;

  describe('a shared address', () => {
    test('changes only for the patched customer', async () => {
      const [one, other] = (await family(2)) as [number, number];
      const patch = { address: { city: 'Elsewhere' } };
      expect((await room().send('PATCH', `/${one}`, patch)).status).toBe(200);
      expect(await addressOf(one)).toEqual({ ...home, city: 'Elsewhere' });
      expect(await addressOf(other)).toEqual(home);
      const { addresses } = await rowsOf(room().sql);
      // Now each customer has an address of their own, which is changed in place.
      await room().send('PATCH', `/${one}`, { address: { city: 'Third' } });
      await room().send('PATCH', `/${other}`, { address: { city: 'Fourth' } });
      expect([await addressOf(one), await addressOf(other)]).toEqual([
        { ...home, city: 'Third' },
        { ...home, city: 'Fourth' },
      ]);
      expect(await rowsOf(room().sql)).toMatchObject({ addresses, orphans: 0 });
    });

    test('stays while a customer has it, and is deleted with the last one', async () => {
      const [one, other] = (await family(2)) as [number, number];
      const { addresses } = await rowsOf(room().sql);
      await room().send('PATCH', `/${one}`, { address: null });
      expect([await addressOf(one), await addressOf(other)]).toEqual([null, home]);
      expect(await rowsOf(room().sql)).toMatchObject({ addresses, orphans: 0 });
      expect((await room().send('DELETE', `/${other}`)).status).toBe(204);
      expect(await rowsOf(room().sql)).toMatchObject({ addresses: addresses! - 1, orphans: 0 });
    });

    test('becomes a separate one for each customer if all change it at once', async () => {
      for (let round = 0; round < 8; round++) {
        const ids = await family(4);
        const patches = ids.map((id) =>
          room().send('PATCH', `/${id}`, { address: { city: `City of ${id}` } }),
        );
        expect((await Promise.all(patches)).map(({ status }) => status)).toEqual(ids.map(() => 200));
        for (const id of ids) expect(await addressOf(id)).toEqual({ ...home, city: `City of ${id}` });
        expect(await orphans()).toBe(0);
      }
    });

    test('leaves no address behind if its customers change it, leave it and are deleted at once', async () => {
      for (let round = 0; round < 8; round++) {
        const [a, b, c, d] = (await family(4)) as [number, number, number, number];
        const responses = await Promise.all([
          room().send('DELETE', `/${a}`),
          room().send('PATCH', `/${b}`, { address: null }),
          room().send('PATCH', `/${c}`, { address: { street_number: '7' } }),
          room().send('DELETE', `/${d}`),
        ]);
        expect(responses.map(({ status }) => status)).toEqual([204, 200, 200, 204]);
        expect([await addressOf(b), await addressOf(c)]).toEqual([null, { ...home, street_number: '7' }]);
        expect(await orphans()).toBe(0);
      }
    });
  });

  test('concurrent patches of one customer are applied one after another', async () => {
    const [id] = (await family(1)) as [number];
    const patches = Array.from({ length: 12 }, (_, i) => {
      const kind = [{ relationship: { points: i } }, { address: { street: `${i}` } }, { last_name: `${i}` }][
        i % 3
      ]!;
      return room().send('PATCH', `/${id}`, kind);
    });
    expect((await Promise.all(patches)).map(({ status }) => status)).toEqual(patches.map(() => 200));
    const after = (await (await room().ask(`${customers}/${id}`)).json()) as Customer;
    expect(after.relationship!.points % 3).toBe(0);
    expect(Number(after.address!.street) % 3).toBe(1);
    expect(Number(after.last_name) % 3).toBe(2);
    expect((await room().list('first_name=Member&page_size=100')).results).toContainEqual(after);
    expect(await orphans()).toBe(0);
  });
}
