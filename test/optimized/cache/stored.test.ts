import { expect, setDefaultTimeout, test } from 'bun:test';
import { type Random, random } from '../../../bench/generate/random.ts';
import { requests } from '../../../bench/requests.ts';
import { readVocabulary } from '../../../bench/vocabulary.ts';
import { insertCrowd } from '../../contract/crowd.ts';
import { customers, type Room, withRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

setDefaultTimeout(120_000);

// After each of many random writes, every page is requested again from a server with a cache and from one without. The
// pages that the first has kept must be those that the second reads, byte for byte, and it must have kept most.

const word = (draw: Random) => draw.pick(['Anna', 'anna', 'Łoś', 'Smith', '𠮷', 'Two', `W${draw.int(0, 9)}`]);
const time = (draw: Random) => `2024-05-05T05:05:05.00000${draw.int(0, 9)}Z`;
const someone = (draw: Random) => draw.int(1, 80);

const bodies: ((draw: Random) => object)[] = [
  (draw) => ({ first_name: word(draw) }),
  (draw) => ({ last_name: word(draw), gender: draw.pick(['male', 'female']) }),
  (draw) => ({ birthday: draw.chance(0.2) ? null : `19${draw.int(60, 99)}-01-0${draw.int(1, 9)}` }),
  (draw) => ({ phone_number: draw.chance(0.2) ? null : `+491700${draw.int(10_000, 99_999)}` }),
  (draw) => ({
    address: { city: word(draw), country: 'Testland', city_code: String(draw.int(10_000, 10_009)) },
  }),
  () => ({ address: null }),
  (draw) => ({
    relationship: draw.chance(0.2) ? null : { points: draw.pick([0, 10, 250, draw.int(0, 9999)]) },
  }),
  (draw) => ({ relationship: { last_activity: draw.chance(0.3) ? null : time(draw) } }),
];

const statements: ((draw: Random) => string)[] = [
  (draw) => `update customer set created = '${time(draw)}' where id in (${someone(draw)}, ${someone(draw)})`,
  (draw) =>
    `update customer set last_updated = '${time(draw)}', last_name = last_name || 'x' where id = ${someone(draw)}`,
  (draw) => `update address set city = '${word(draw)}', street = null where id = ${draw.int(1, 20)}`,
  (draw) => `update customer set id = id + 1000, customer_id = 'moved' || id where id = ${draw.int(60, 80)}
    and not exists (select from customer_relationship where customer_ref = customer.id)`,
  (draw) =>
    `update customer_relationship set created = created - interval '1 day' where customer_ref = ${someone(draw)}`,
  (draw) => `update customer set birthday = '0044-03-15 BC' where id = ${someone(draw)}`,
  (draw) => `update customer_relationship set last_activity = '${draw.pick(['infinity', '-infinity'])}'
    where customer_ref = ${someone(draw)}`,
];

/** Makes a random write. Returns true if it was SQL, of which the server learns slightly later. */
async function write(room: Room, draw: Random): Promise<boolean> {
  if (draw.chance(0.25)) {
    await room.sql.unsafe(draw.pick(statements)(draw));
    return true;
  }
  const response = draw.chance(0.2)
    ? await room.send('POST', '', { first_name: 'New', last_name: word(draw), ...draw.pick(bodies)(draw) })
    : draw.chance(0.1)
      ? await room.send('DELETE', `/${draw.int(50, 100)}`)
      : await room.send('PATCH', `/${someone(draw)}`, draw.pick(bodies)(draw));
  expect([200, 201, 204, 404, 422]).toContain(response.status);
  return false;
}

async function pagesOf(room: Room, draw: Random, most: number): Promise<string[]> {
  const vocabulary = await readVocabulary('http://customers.test', 300, ({ url }) => room.ask(url));
  const paths: string[] = [customers, `${customers}?page=2&page_size=7`, `${customers}?count=exact`];
  for (const { path, status } of requests(11, vocabulary)) {
    if (paths.length >= most) return paths;
    if (status !== 200) continue;
    const small = path.includes('page_size')
      ? path
      : `${path}${path.includes('?') ? '&' : '?'}page_size=${draw.int(1, 9)}`;
    paths.push(small);
    const { next } = await room.list(`http://customers.test${small}`);
    if (next === null) continue;
    const after = await room.list(next);
    paths.push(next, ...[after.next, after.previous].filter((link) => link !== null));
  }
  return paths;
}

const withoutTimes = (text: string) => text.slice(0, text.lastIndexOf(',"performance"'));

test('a cached page is the page that would be read', () =>
  withRoom(openOptimized, { fill: insertCrowd }, (room) =>
    withRoom(
      (options) => openOptimized({ ...options, cache: 'off' }),
      { on: room },
      async (plain) => {
        const draw = random(21);
        const paths = await pagesOf(room, draw, 120);
        const before = new Map<string, string>();
        let [kept, needlessly, changed] = [0, 0, 0];
        for (let round = 0; round < 40; round++) {
          if (await write(room, draw)) await Bun.sleep(100);
          for (const path of paths) {
            const response = await room.ask(path);
            const [text, expected] = [await response.text(), await (await plain.ask(path)).text()].map(
              withoutTimes,
            );
            expect([round, path, text]).toEqual([round, path, expected!]);
            if (response.headers.get('cache-status')!.includes('hit')) kept += 1;
            else if (before.get(path) === text) needlessly += 1;
            else changed += 1;
            before.set(path, text!);
          }
        }
        console.log(
          `Pages kept: ${kept}, read anew: ${changed} that had changed, ${needlessly} that had not.`,
        );
        expect(kept).toBeGreaterThan(5 * (changed + needlessly));
        expect(needlessly).toBeLessThan(changed);
      },
    ),
  ));
