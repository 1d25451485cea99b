import { describe, expect, test } from 'bun:test';
import { customers, type Open, withRoom } from '../rooms.ts';

const origin = 'https://shop.example';

/** The origins whose pages may read the answers in a browser. */
export function browsers(open: Open) {
  const asked = (corsOrigins: string[], from: string) =>
    withRoom(open, { corsOrigins }, async (room) => {
      const headers = { origin: from };
      const preflight = await room.ask(customers, {
        method: 'OPTIONS',
        headers: { ...headers, 'access-control-request-method': 'POST' },
      });
      const answers = [
        preflight,
        await room.ask(customers, { headers }),
        await room.ask(`${customers}?page=x`, { headers }),
        await room.send('POST', '', { first_name: '' }, headers),
      ];
      return answers.map(
        ({ status, headers }) => `${status} ${headers.get('access-control-allow-origin') ?? 'none'}`,
      );
    });

  describe('a page of another origin', () => {
    test('reads nothing unless its origin is allowed', async () => {
      expect(await asked([], origin)).toEqual(['405 none', '200 none', '422 none', '422 none']);
      expect(await asked(['https://other.example'], origin)).toEqual([
        '204 none',
        '200 none',
        '422 none',
        '422 none',
      ]);
    });

    test('reads every answer if its origin is allowed, also errors', async () => {
      const taken = [`204 ${origin}`, `200 ${origin}`, `422 ${origin}`, `422 ${origin}`];
      expect(await asked(['https://other.example', origin], origin)).toEqual(taken);
      expect(await asked(['*'], origin)).toEqual(taken.map((answer) => answer.replace(origin, '*')));
    });
  });
}
