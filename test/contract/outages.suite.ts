import { describe, expect, test } from 'bun:test';
import { cluster, within } from '../cluster.ts';
import { gateTo } from '../gate.ts';
import { customers, type Open, type Room, withRoom } from '../rooms.ts';
import { insertPeople } from './people.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

/** The answers while the database is missing, or after it goes away. */
export function outages(open: Open, port = async () => (await cluster()).services.postgres.port) {
  describe('without its database', () => {
    test('requests that need it get 503, and all others are served', () =>
      withRoom(open, { unreachable: true }, async (down) => {
        const responses = await Promise.all([
          down.ask('/ready'),
          down.ask(customers),
          down.ask(`${customers}?search=a&count=exact`),
          down.ask(`${customers}/1`),
          down.send('POST', '', { first_name: 'A', last_name: 'B' }),
          down.send('PATCH', '/1', { first_name: 'A' }),
          down.send('DELETE', '/1'),
        ]);
        for (const response of responses) {
          await expectProblem(response, 503);
          expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
        }
        expect((await down.ask('/health')).status).toBe(200);
        expect((await down.ask('/metrics')).status).toBe(200);
        await expectProblem(await down.ask(`${customers}?page=x`), 422);
      }));
  });

  describe('while its database is away', () => {
    test('requests are refused quickly, and served again when it is back', async () => {
      const gate = await gateTo(await port());
      await withRoom(open, { fill: insertPeople, through: gate.port }, async (room) => {
        for (let round = 0; round < 3; round++) {
          expect((await room.list('gender=female')).results).toHaveLength(1);
          expect((await room.send('PATCH', '/1', { last_name: `Round ${round}` })).status).toBe(200);
          await gate.shut();
          const began = performance.now();
          for (let i = 0; i < 3; i++) {
            const requests = Array.from({ length: 10 }, (_, n) =>
              n % 2
                ? room.ask(`${customers}?last_name=${round}${i}${n}`)
                : room.send('PATCH', '/1', { last_name: 'No' }),
            );
            for (const response of await Promise.all(requests)) await expectProblem(response, 503);
          }
          expect(performance.now() - began).toBeLessThan(5_000);
          await gate.open();
          await Bun.sleep(300);
          // A request or two may still run into connections whose cut was not noticed.
          for (let i = 0; i < 10; i++) await room.ask(`${customers}?last_name=found${round}${i}`);
          expect((await room.list('first_name=someone')).results[0]!.last_name).toBe(`Round ${round}`);
        }
      });
      await gate.shut();
    });
  });

  cuts(open);
}

/** The answers when connections to a running database are lost. */
export function cuts(open: Open) {
  describe('when its connections are cut', () => {
    /** Ends every connection to the room's database but its own. */
    const cut = (room: Room) =>
      within(
        room,
        (sql) => sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = ${room.name} and pid <> pg_backend_pid()`,
      );

    test('writes are complete or absent, and later requests get new connections', () =>
      withRoom(open, { fill: insertPeople }, async (room) => {
        const address = { country: 'Cut', city: 'Off', city_code: '1' };
        const statuses: number[] = [];
        let cutting = true;
        const writer = async () => {
          // On a slow machine, no write may succeed between two cuts.
          while (cutting || !statuses.includes(201)) {
            const body = { first_name: 'Cut', last_name: 'Off', address, relationship: { points: 1 } };
            const response = await room.send('POST', '', body);
            statuses.push(response.status);
            const list = await room.ask(`${customers}?first_name=cut`);
            expect([200, 503]).toContain(list.status);
          }
        };
        const writers = Promise.all([1, 2, 3, 4, 5, 6].map(writer));
        for (let round = 0; round < 15; round++) {
          await cut(room);
          await Bun.sleep(30);
        }
        cutting = false;
        await writers;
        expect(new Set([...statuses, 201, 503])).toEqual(new Set([201, 503]));

        // On a slow machine, the server may not have read the end of the last connections yet.
        await Bun.sleep(500);
        for (let i = 0; i < 20; i++) {
          expect((await room.send('PATCH', '/1', { last_name: `After ${i}` })).status).toBe(200);
          expect((await room.list('first_name=someone')).results[0]!.last_name).toBe(`After ${i}`);
        }
        const acknowledged = statuses.filter((status) => status === 201).length;
        const { results: newest, count } = await room.list('first_name=cut&count=exact&page_size=1');
        expect(newest[0]).toMatchObject({ address, relationship: { points: 1 } });
        // An unacknowledged write may still have been committed.
        expect(count).toBeWithin(acknowledged, statuses.length + 1);
        const rows = await rowsOf(room.sql);
        expect(rows).toEqual({
          customers: count! + 4,
          addresses: count! + 2,
          relationships: count! + 3,
          orphans: 0,
        });
      }));
  });
}
