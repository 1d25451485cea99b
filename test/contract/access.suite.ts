import { describe, expect, test } from 'bun:test';
import { customers, type Open, type Room, withRoom } from '../rooms.ts';
import { insertPeople } from './people.ts';
import { expectProblem } from './problems.ts';
import { rowsOf } from './rows.ts';

const names = { first_name: 'A', last_name: 'B' };

/** One write of each kind. The last one is invalid, which only an authorized client is told. */
const writes = (room: Room, authorization?: string) => {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return Promise.all([
    room.send('POST', '', names, headers),
    room.send('PATCH', '/1', { last_name: 'X' }, headers),
    room.send('DELETE', '/4', undefined, headers),
    room.send('POST', '', { first_name: '' }, headers),
  ]);
};
const statuses = async (responses: Promise<Response[]>) => (await responses).map(({ status }) => status);

/** The writes that need a token according to the documentation. */
async function secured(room: Room): Promise<string[]> {
  const { paths } = (await (await room.ask('/api/swagger/json')).json()) as {
    paths: Record<string, Record<string, { security?: object[] }>>;
  };
  const operations = Object.values(paths).flatMap((methods) => Object.entries(methods));
  return operations.filter(([, { security }]) => security !== undefined).map(([method]) => method);
}

/** The authorization of writes. */
export function access(open: Open) {
  describe('with a token, a write', () => {
    test('needs the token, and a read does not', () =>
      withRoom(open, { apiToken: 'secret-token', host: '0.0.0.0', fill: insertPeople }, async (room) => {
        const before = await rowsOf(room.sql);
        const wrong = [
          undefined,
          '',
          'Bearer',
          'Bearer ',
          'Bearer secret-toke',
          'Bearer secret-tokens',
          'secret-token',
        ];
        for (const authorization of [
          ...wrong,
          'Basic secret-token',
          'Bearer SECRET-TOKEN',
          `Bearer ${'é'.repeat(9)}`,
        ]) {
          for (const response of await writes(room, authorization)) {
            await expectProblem(response, 401);
            expect(response.headers.get('www-authenticate')).toBe('Bearer');
          }
        }
        expect(await rowsOf(room.sql)).toEqual(before);
        expect((await room.list()).results).toHaveLength(4);
        expect((await room.ask(`${customers}/1`)).status).toBe(200);
        expect(await statuses(writes(room, 'Bearer secret-token'))).toEqual([201, 200, 204, 422]);
        expect((await secured(room)).sort()).toEqual(['delete', 'patch', 'post']);
      }));
  });

  describe('without a token, a write', () => {
    test.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('is accepted on %s', (host) =>
      withRoom(open, { host, fill: insertPeople }, async (room) => {
        expect(await statuses(writes(room))).toEqual([201, 200, 204, 422]);
        expect(await secured(room)).toEqual([]);
      }),
    );

    test.each(['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.example.org'])('is refused on %s', (host) =>
      withRoom(open, { host, fill: insertPeople }, async (room) => {
        for (const response of await writes(room, 'Bearer anything')) await expectProblem(response, 403);
        expect((await room.list()).results).toHaveLength(4);
      }),
    );
  });
}
