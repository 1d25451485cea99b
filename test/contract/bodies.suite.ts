import { describe, expect, test } from 'bun:test';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

const names = { first_name: 'A', last_name: 'B' };
const tomorrow = new Date(Date.now() + 36 * 3600 * 1000).toISOString().slice(0, 10);
const address = { country: 'A', city: 'B', city_code: 'C' };

/** Bodies that both POST and PATCH refuse. Missing fields are not among them: only POST refuses those. */
const bad: [body: unknown, ...paths: string[]][] = [
  [{ ...names, first_name: '' }, '/first_name'],
  [{ ...names, first_name: 'x'.repeat(129) }, '/first_name'],
  [{ ...names, first_name: 5 }, '/first_name'],
  [{ ...names, first_name: null }, '/first_name'],
  [{ ...names, last_name: 'a\0b' }, '/last_name'],
  [{ ...names, last_name: '\ud800' }, '/last_name'],
  [{ ...names, gender: 'man' }, '/gender'],
  [{ ...names, gender: null }, '/gender'],
  [{ ...names, customer_id: '' }, '/customer_id'],
  [{ ...names, customer_id: 'x'.repeat(65) }, '/customer_id'],
  [{ ...names, customer_id: null }, '/customer_id'],
  [{ ...names, phone_number: '0123456789' }, '/phone_number'],
  [{ ...names, phone_number: '+1234567' }, '/phone_number'],
  [{ ...names, phone_number: '+1234567890123456' }, '/phone_number'],
  [{ ...names, phone_number: '+49 170 1234567' }, '/phone_number'],
  [{ ...names, phone_number: '+49170123456\n' }, '/phone_number'],
  [{ ...names, birthday: '2000-02-30' }, '/birthday'],
  [{ ...names, birthday: '2000-01-01T00:00:00Z' }, '/birthday'],
  [{ ...names, birthday: tomorrow }, '/birthday'],
  [{ ...names, address: [] }, '/address'],
  [{ ...names, address: 'Main Street' }, '/address'],
  [{ ...names, address: { ...address, country: '' } }, '/address/country'],
  [{ ...names, address: { ...address, country: null } }, '/address/country'],
  [{ ...names, address: { ...address, street: '' } }, '/address/street'],
  [{ ...names, address: { ...address, city_code: 12345 } }, '/address/city_code'],
  [{ ...names, address: { ...address, zip: '1' } }, '/address/zip'],
  [{ ...names, relationship: 5 }, '/relationship'],
  [{ ...names, relationship: { points: -1 } }, '/relationship/points'],
  [{ ...names, relationship: { points: 1.5 } }, '/relationship/points'],
  [{ ...names, relationship: { points: 2147483648 } }, '/relationship/points'],
  [{ ...names, relationship: { points: '5' } }, '/relationship/points'],
  [{ ...names, relationship: { points: null } }, '/relationship/points'],
  [{ ...names, relationship: { last_activity: 'now' } }, '/relationship/last_activity'],
  [{ ...names, relationship: { last_activity: '' } }, '/relationship/last_activity'],
  [{ ...names, relationship: { last_activity: '2024-02-30' } }, '/relationship/last_activity'],
  [{ ...names, relationship: { last_activity: '2024-01-01 00:00:00Z' } }, '/relationship/last_activity'],
  [{ ...names, relationship: { created: '2024-01-01' } }, '/relationship/created'],
  [{ ...names, id: 7 }, '/id'],
  [{ ...names, created: '2024-01-01' }, '/created'],
  [{ ...names, __proto__x: 1 }, '/__proto__x'],
  [[], ''],
  [null, ''],
  ['text', ''],
  [
    {
      ...names,
      first_name: '',
      gender: 'x',
      zip: 1,
      address: { ...address, city: '' },
      relationship: { points: -1 },
    },
    ...['/first_name', '/gender', '/zip', '/address/city', '/relationship/points'],
  ],
];

/** Bodies that POST and PATCH refuse without changing anything. The room contains the four customers. */
export function badBodies(room: () => Room) {
  const refused = async (method: string, path: string, body: unknown, paths: string[]) => {
    const problem = await expectProblem(await room().send(method, path, body), 422);
    expect(problem.errors!.map((error) => error.path).sort()).toEqual(paths.toSorted());
    for (const { message } of problem.errors!) expect(message).toMatch(/^(must|is not known)/);
  };

  describe('a body is refused', () => {
    test.each(bad)('%j', async (body, ...paths) => {
      const before = [await rowsOf(room().sql), await (await room().ask(`${customers}/1`)).text()];
      await refused('POST', '', body, paths);
      await refused('PATCH', '/1', body, paths);
      expect([await rowsOf(room().sql), await (await room().ask(`${customers}/1`)).text()]).toEqual(before);
    });

    test('by POST if a required field is missing', async () => {
      await refused('POST', '', {}, ['/first_name', '/last_name']);
      await refused('POST', '', { ...names, address: {} }, [
        '/address/country',
        '/address/city',
        '/address/city_code',
      ]);
    });

    test('with the nearest known name as a hint', async () => {
      const body = { ...names, phone: '1', address: { ...address, streetnumber: '1' } };
      const { errors } = await expectProblem(await room().send('POST', '', body), 422);
      expect(errors!.map(({ message }) => message.split(' ').at(-1))).toEqual([
        'phone_number',
        'street_number',
      ]);
    });

    const send = (
      method: string,
      path: string,
      type: string | null,
      body: string | Uint8Array<ArrayBuffer> | ReadableStream,
    ) =>
      room().ask(customers + path, { method, headers: type === null ? {} : { 'content-type': type }, body });

    test('if it is not JSON', async () => {
      const bodies = [
        '',
        '{',
        '{"first_name":"A",}',
        'NaN',
        '\ufeff{}x',
        Uint8Array.from([0x22, 0xff, 0x22]),
      ];
      for (const body of bodies) {
        await expectProblem(await send('POST', '', 'application/json', body), 400);
        await expectProblem(await send('PATCH', '/1', 'application/json', body), 400);
      }
    });

    test('if it has another content type', async () => {
      const json = JSON.stringify(names);
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/xml',
        'multipart/form-data',
      ]) {
        await expectProblem(await send('POST', '', type, json), 415);
        await expectProblem(await send('PATCH', '/1', type, json), 415);
      }
      await expectProblem(await send('POST', '', 'application/merge-patch+json', json), 415);
      await expectProblem(await send('POST', '', null, new TextEncoder().encode(json)), 415);
    });

    test('if it exceeds 64 KiB, with or without a declared length', async () => {
      const json = JSON.stringify({ ...names, customer_id: 'x'.repeat(64 * 1024) });
      const endless = () =>
        new ReadableStream({
          pull: (controller) => controller.enqueue(new TextEncoder().encode(' '.repeat(1024))),
        });
      for (const [method, path] of [
        ['POST', ''],
        ['PATCH', '/1'],
      ] as const) {
        const headers = { 'content-type': 'application/json', 'content-length': String(json.length) };
        const long = await room().ask(customers + path, { method, headers, body: json });
        await expectProblem(long, 413);
        await expectProblem(await send(method, path, 'application/json', json), 413);
        await expectProblem(await send(method, path, 'application/json', endless()), 413);
      }
      const padded = JSON.stringify(names).padEnd(64 * 1024, ' ');
      expect((await send('POST', '', 'application/json', padded)).status).toBe(201);
    });
  });

  test('a body may be application/json with a charset, and a patch may be application/merge-patch+json', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    expect((await room().send('POST', '', names, headers)).status).toBe(201);
    const patch = { 'content-type': 'application/merge-patch+json' };
    expect((await room().send('PATCH', '/1', {}, patch)).status).toBe(200);
  });
}
