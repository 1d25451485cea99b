import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import type { Sql } from '../../../src/server/database.ts';
import { insertCrowd } from '../../contract/crowd.ts';
import { rowsOf } from '../../contract/rows.ts';
import { type Room, withRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { expectInStep, zoneEverything } from './in-step.ts';

setDefaultTimeout(60_000);

type Draw = ReturnType<typeof random>;

// Few ids, so that writers often change the same rows.
const someone = (draw: Draw) => draw.int(1, 20);
const somewhere = (draw: Draw) => `(select id from address order by id offset ${draw.int(0, 5)} limit 1)`;
const word = (draw: Draw) => draw.pick(['Anna', 'anna', 'Łoś', '"', '50%', `W${draw.int(0, 99)}`]);

const statements: ((draw: Draw) => string)[] = [
  (draw) => `insert into customer (first_name, last_name, customer_id, address_id)
     values ('${word(draw)}', '${word(draw)}', gen_random_uuid()::text, ${somewhere(draw)})`,
  (draw) => `update customer set last_name = '${word(draw)}' where id = ${someone(draw)}`,
  (draw) =>
    `update customer set address_id = ${somewhere(draw)} where id in (${someone(draw)}, ${someone(draw)})`,
  (draw) => `update customer set address_id = null, birthday = null where id = ${someone(draw)}`,
  (draw) => `update address set city = '${word(draw)}' where id in (${somewhere(draw)}, ${somewhere(draw)})`,
  (
    draw,
  ) => `insert into customer_relationship (customer_ref, points) select id, ${draw.int(0, 9)} from customer
     where id = ${someone(draw)} on conflict (customer_ref) do update set points = excluded.points`,
  (draw) => `update customer_relationship set last_activity = now(), points = points + 1
     where customer_ref between ${someone(draw)} and 20`,
  (draw) => `delete from customer_relationship where customer_ref = ${someone(draw)}`,
  (draw) => `delete from customer where id = ${draw.int(15, 60)}`,
];

const patches: ((draw: Draw) => object)[] = [
  (draw) => ({ first_name: word(draw) }),
  (draw) => ({ address: { city: word(draw), country: 'P', city_code: word(draw) } }),
  () => ({ address: null }),
  (draw) => ({ relationship: draw.chance(0.3) ? null : { points: draw.int(0, 99) } }),
];

async function byApi(room: Room, draw: Draw): Promise<void> {
  const path = `/${someone(draw)}`;
  const response = draw.chance(0.1)
    ? await room.send('DELETE', path)
    : await room.send('PATCH', path, draw.pick(patches)(draw));
  // 503: two writers waited for each other, and one of them must try again.
  expect([200, 204, 404, 503]).toContain(response.status);
}

/**
 * A deadlock rolls one writer back (40P01), and a chosen address may be gone when it is used (23503). Both must leave the
 * read model in step as well.
 */
const bySql = async (sql: Sql, draw: Draw): Promise<void> => {
  await sql
    .unsafe(draw.pick(statements)(draw))
    .catch(({ code }: { code: string }) => expect(['40P01', '23503']).toContain(code));
};

const fill = async (sql: Sql) => {
  await insertCrowd(sql);
  await zoneEverything(sql);
};

describe('the read model is in step', () => {
  test('after many random statements', () =>
    withRoom(openOptimized, { fill }, async ({ sql }) => {
      const draw = random(1);
      for (let i = 0; i < 400; i++) {
        await bySql(sql, draw);
        if (i % 40 === 0) await expectInStep(sql);
      }
      await expectInStep(sql);
    }));

  test('after many concurrent writers, by SQL and through the server', () =>
    withRoom(openOptimized, { fill }, async (room) => {
      const writers = Array.from({ length: 8 }, async (_, writer) => {
        const draw = random(100 + writer);
        for (let i = 0; i < 60; i++) await (writer % 2 ? bySql(room.sql, draw) : byApi(room, draw));
      });
      await Promise.all(writers);
      await expectInStep(room.sql);
      expect((await rowsOf(room.sql)).customers).toBeGreaterThan(30);
    }));

  test('after many concurrent writers through the server alone, and no address without a customer is left', () =>
    withRoom(openOptimized, { fill }, async (room) => {
      await room.sql`delete from address where not exists (select from customer where address_id = address.id)`;
      await Promise.all(
        Array.from({ length: 8 }, async (_, writer) => {
          const draw = random(200 + writer);
          for (let i = 0; i < 40; i++) await byApi(room, draw);
        }),
      );
      await expectInStep(room.sql);
      expect((await rowsOf(room.sql)).orphans).toBe(0);
    }));
});
