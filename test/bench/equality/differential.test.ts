import { describe, expect, test } from 'bun:test';
import { differential, describe as shown } from '../../../bench/equality/main.ts';
import { oddTexts } from '../../../bench/generate/odd.ts';
import { type Random, random } from '../../../bench/generate/random.ts';
import { type Fetch, readVocabulary, type Vocabulary } from '../../../bench/vocabulary.ts';
import { createApp } from '../../../src/naive/app.ts';
import type { Sql } from '../../../src/server/database.ts';
import { type Copy, seeded } from '../../cluster.ts';
import { openOptimized } from '../../optimized/room.ts';
import { openRoom, type Room, useRoom } from '../../rooms.ts';

// Sends the same requests to both servers, which have the same rows. `npm run differential` does so with any number.

const count = 2_500;
const bases = { naiveBase: 'http://naive.test', optimizedBase: 'http://optimized.test' };

describe('both servers give the same answers', () => {
  const copies = seededOnce();
  const naive = useRoom(async () =>
    openRoom('naive', (base) => ({ app: createApp(base) }), { on: (await copies()).naive }),
  );
  const optimized = useRoom(async () => openOptimized({ on: (await copies()).optimized }));

  const send: Fetch = (request) =>
    (request.url.startsWith(bases.naiveBase) ? naive() : optimized()).ask(request.url);
  async function expectSame(requests: number, seed: number) {
    const vocabulary = await readVocabulary(bases.naiveBase, 300, send);
    const outcome = await differential({ ...bases, requests, seed, vocabulary, fetch: send });
    expect(outcome.differences.map(shown)).toEqual([]);
    expect(outcome.requests).toBe(requests);
    expect(outcome.filled).toBeGreaterThan(requests / 3);
  }

  test('to 1000 generated requests', () => expectSame(1_000, 7), 180_000);

  test('to writes, and to requests after them', async () => {
    const draw = random(3);
    const vocabulary = await readVocabulary(bases.naiveBase, 300, send);
    for (let i = 0; i < 250; i++) {
      const { method, path, body } = write(draw, vocabulary);
      const [one, other] = await Promise.all(
        [naive(), optimized()].map((room) => answered(room, method, path, body)),
      );
      expect({ method, path, body, answer: other }).toEqual({ method, path, body, answer: one });
    }
    const tables = await Promise.all([naive(), optimized()].map((room) => contents(room.sql)));
    expect(tables[1]).toEqual(tables[0]!);
    // The two servers made the writes at different times. Both get the same timestamps now.
    for (const room of [naive(), optimized()]) {
      await room.sql`update customer set created = '2026-11-02'::timestamptz + id * interval '1 second',
        last_updated = '2026-11-02'::timestamptz + id % 7 * interval '1 second' where last_updated > '2026-11-02'`;
      expect((await room.send('PATCH', '/1', {})).status).toBe(200); // tells the cache of the change
    }
    await expectSame(150, 8);
  }, 180_000);
});

/** The databases of both servers, created on first use, and dropped with the cluster of the rooms. */
function seededOnce() {
  let made: Promise<Record<'naive' | 'optimized', Copy>> | undefined;
  return () => (made ??= seeded(count));
}

interface Write {
  method: string;
  path: string;
  body?: object;
}

/** A write as users send it: mostly valid, and mostly to customers that exist. */
function write(draw: Random, vocabulary: Vocabulary): Write {
  const { id, ...row } = draw.pick(vocabulary);
  const other = draw.pick(vocabulary);
  const text = () => draw.pick([row.first_name, other.last_name, draw.pick(oddTexts)]).slice(0, 128);
  const address = draw.pick([null, row.address, { ...other.address, city: text() }, { street: text() }, {}]);
  const relationship = draw.pick([
    null,
    {},
    { points: draw.int(-1, 500) },
    { last_activity: draw.pick([null, '2024-02-29', '2024-02-30', '2024-05-05T05:05:05.123456+05:00']) },
  ]);
  const fields = {
    first_name: text(),
    last_name: text(),
    gender: draw.pick([row.gender, 'male', 'other']),
    phone_number: draw.pick([row.phone_number, null, '+4912345678', '12']),
    birthday: draw.pick([row.birthday, null, '1999-12-31', '2999-12-31']),
    customer_id: draw.pick([other.customer_id, `new-${draw.int(1, 1e9)}`]),
    ...{ address, relationship },
  };
  const chosen = Object.entries(fields).filter(() => draw.chance(0.3));
  const path = `/${draw.chance(0.9) ? id : draw.int(1, 10_000)}`;
  return draw.weighted<Write>([
    [50, { method: 'PATCH', path, body: Object.fromEntries(chosen) }],
    [
      30,
      {
        method: 'POST',
        path: '',
        body: { ...fields, gender: 'female', customer_id: `id-${draw.int(1, 1e9)}` },
      },
    ],
    [10, { method: 'POST', path: '', body: fields }],
    [10, { method: 'DELETE', path }],
  ]);
}

/** Status, type and body, without the timestamps of the write. */
async function answered(room: Room, method: string, path: string, body?: object) {
  const response = await room.send(method, path, body);
  const text = (await response.text()).replace(/"(created|last_updated)":"2026[^"]*"/g, '"$1":"…"');
  return [response.status, response.headers.get('content-type')?.split(';')[0], text];
}

/** All rows, without the timestamps of writes and ids that no answer shows. */
const contents = async (sql: Sql) => [
  ...(await sql`
    select customer.id, first_name, last_name, gender, customer_id, phone_number, birthday, country, city, city_code,
      street, street_number, points, last_activity,
      (select count(*) from customer same where same.address_id = address.id) as sharing
    from customer left join address on address.id = address_id
    left join customer_relationship on customer_ref = customer.id order by customer.id`),
  ...(await sql`select count(*) from address`),
];
