import { describe, expect, test } from 'bun:test';
import { customers, type Room } from '../rooms.ts';
import { people, someone } from './people.ts';

/** The format of an answer, byte for byte where that matters. */
export function answers(room: () => Room, counts: 'exact' | 'none') {
  describe('an answer', () => {
    test('contains every field of each customer, newest first', async () => {
      const { results } = await room().list();
      expect(results).toEqual(people.toReversed());
    });

    test('has its fields in the order of the contract', async () => {
      const { results } = await room().list('first_name=Someone');
      const one = await (await room().ask(`${customers}/1`)).json();
      for (const customer of [results[0]!, one]) {
        expect(JSON.stringify(customer)).toBe(JSON.stringify(someone));
      }
      const page = await room().list();
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results', 'performance']);
    });

    test('is compact JSON', async () => {
      const text = await (await room().ask(`${customers}?first_name=Someone&count=none`)).text();
      expect(text).toStartWith(
        '{"count":null,"next":null,"previous":null,"results":[{"id":1,"first_name":"Someone",',
      );
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
      expect(await (await room().ask(`${customers}/1`)).text()).toBe(JSON.stringify(someone));
    });

    test('counts as requested', async () => {
      expect((await room().list()).count).toBe(counts === 'exact' ? 4 : null);
      expect((await room().list('count=exact')).count).toBe(4);
      expect((await room().list('count=exact&gender=male&page_size=1')).count).toBe(2);
      expect((await room().list('count=exact&page=7')).count).toBe(4);
      expect((await room().list('count=none')).count).toBeNull();
      const { count } = await room().list('count=estimated');
      expect(count).toBeInteger();
      expect(count).toBeGreaterThanOrEqual(0);
    });

    test('reports its cost in the body and, equally, in the header', async () => {
      const response = await room().ask(`${customers}?page_size=3&last_name=o`);
      const header = response.headers.get('server-timing') ?? '';
      const { performance } = (await response.json()) as { performance: Record<string, number> };
      expect(performance.execution_time_s).toBeGreaterThan(0);
      expect(performance.execution_time_s).toBeLessThan(10);
      expect(performance.query_count).toBeGreaterThan(0);
      expect(header).toContain(`total;dur=${(performance.execution_time_s! * 1000).toFixed(3)}`);
      expect(header).toContain(`queries;desc="${performance.query_count}"`);
    });

    test('has the content type of JSON', async () => {
      for (const path of [customers, `${customers}/1`]) {
        const response = await room().ask(path);
        expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      }
    });

    test('for one customer has an ETag that is the same on every server', async () => {
      const { headers } = await room().ask(`${customers}/1`);
      expect(headers.get('etag')).toBe('"DgLhUSD0C2kupwPvn05E8V"');
    });

    test('is also given for a path with a trailing slash', async () => {
      expect((await room().ask(`${customers}/`)).status).toBe(200);
      expect(await (await room().ask(`${customers}/2/`)).json()).toEqual(people[1]);
    });
  });

  describe('an id', () => {
    test.each([
      ['1', 200],
      ['5', 404],
      ['0', 404],
      ['9223372036854775807', 404],
      ['9223372036854775808', 404],
      ['99999999999999999999999999', 404],
      ['abc', 422],
      ['1.5', 422],
      ['-1', 422],
      ['1e3', 422],
      ['%31', 200],
      ['%FF', 422],
      ['%00', 422],
    ])('%s gives status %d', async (id, status) => {
      const response = await room().ask(`${customers}/${id}`);
      expect(response.status).toBe(status);
    });

    test('takes no parameters', async () => {
      const response = await room().ask(`${customers}/1?page=1`);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ errors: [{ parameter: 'page' }] });
    });
  });
}
