import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

const full = {
  first_name: 'Ada',
  last_name: 'Lovelace "\\ \u2028',
  gender: 'female',
  customer_id: 'ADA-1',
  phone_number: '+441234567890',
  birthday: '1815-12-10',
  address: {
    country: 'England',
    city: 'London',
    city_code: 'W1',
    street: 'St James’s Sq',
    street_number: '12',
  },
  relationship: { points: 2147483647, last_activity: '2024-02-29T12:34:56.123456+02:00' },
};

/** Creating customers. */
export function create(room: () => Room) {
  const post = async (body: object) => (await (await room().send('POST', '', body)).json()) as Customer;

  describe('creating a customer', () => {
    test('answers with 201, the customer and its location', async () => {
      const began = Date.now();
      const response = await room().send('POST', '', full);
      expect(response.status).toBe(201);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      const created = (await response.json()) as Customer;
      expect(created).toEqual({
        ...full,
        id: created.id,
        gender: 'female',
        created: created.created,
        last_updated: created.created,
        relationship: { points: 2147483647, last_activity: '2024-02-29T10:34:56.123456Z' },
      });
      expect(created.created).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
      expect(Math.abs(Date.parse(created.created) - began)).toBeLessThan(10_000);

      const location = response.headers.get('location')!;
      expect(new URL(location, 'http://a').pathname).toBe(`${customers}/${created.id}`);
      expect(await (await room().ask(location)).text()).toBe(JSON.stringify(created));
    });

    test('needs only a name, and sets defaults for the rest', async () => {
      const created = await post({ first_name: 'N', last_name: 'N' });
      expect(created).toMatchObject({
        gender: 'undefined',
        phone_number: null,
        birthday: null,
        address: null,
        relationship: null,
      });
      expect(created.customer_id).toMatch(/^[\da-f]{32}$/);
      expect((await post({ first_name: 'N', last_name: 'N' })).customer_id).not.toBe(created.customer_id);
    });

    test('accepts null for nullable fields, and parts of an address or relationship', async () => {
      const nulls = { phone_number: null, birthday: null, address: null, relationship: null };
      expect(await post({ first_name: 'N', last_name: 'N', ...nulls })).toMatchObject(nulls);
      const address = { country: 'A', city: 'B', city_code: 'C' };
      expect(await post({ first_name: 'N', last_name: 'N', address, relationship: {} })).toMatchObject({
        address: { ...address, street: null, street_number: null },
        relationship: { points: 0, last_activity: null },
      });
      const relationship = { last_activity: '2024-01-01' };
      expect(await post({ first_name: 'N', last_name: 'N', relationship })).toMatchObject({
        relationship: { points: 0, last_activity: '2024-01-01T00:00:00.000000Z' },
      });
    });

    test('accepts texts of maximum length and any content', async () => {
      const texts = {
        first_name: '😀'.repeat(128),
        last_name: "'; drop table customer; --",
        customer_id: '%_\\',
      };
      expect(await post(texts)).toMatchObject(texts);
      expect(await post({ first_name: '\t', last_name: '日本', phone_number: '12345678' })).toMatchObject({
        first_name: '\t',
        last_name: '日本',
      });
    });

    test('with a taken customer_id answers with 409, and leaves nothing behind', async () => {
      const before = await rowsOf(room().sql);
      const problem = await expectProblem(await room().send('POST', '', full), 409);
      expect(problem.errors).toEqual([{ path: '/customer_id', message: 'is taken' }]);
      expect(await rowsOf(room().sql)).toEqual(before);
    });

    test('several times at once with the same customer_id succeeds once', async () => {
      const body = { ...full, customer_id: 'RACE' };
      const responses = await Promise.all(Array.from({ length: 6 }, () => room().send('POST', '', body)));
      expect(responses.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
      expect((await room().list('customer_id=RACE&count=exact')).count).toBe(1);
    });
  });
}
