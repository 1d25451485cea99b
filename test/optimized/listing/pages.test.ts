import { describe, expect, test } from 'bun:test';
import { expectProblem } from '../../contract/problems.ts';
import { customers, useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { idsInOrder, idsOf, insertTied } from '../tied.ts';

describe('a page', () => {
  const room = useRoom(openOptimized, { fill: (sql) => insertTied(sql, 10_250) });

  test('by number ends at row 10 000, from where its next link continues with a cursor', async () => {
    const expected = await idsInOrder(room().sql, 'created', 'descending');
    const last = await room().list('page=100&page_size=100');
    expect(idsOf(last)).toEqual(expected.slice(9_900, 10_000));
    expect(last.next).toContain('cursor=');
    expect((await room().list('page=99&page_size=100')).next).toContain('page=100');
    const beyond = await room().list(last.next!);
    expect(idsOf(beyond)).toEqual(expected.slice(10_000, 10_100));
    expect(idsOf(await room().list(beyond.next!))).toEqual(expected.slice(10_100, 10_200));
    expect(idsOf(await room().list(beyond.previous!))).toEqual(idsOf(last));
  });

  test.each(['page=101&page_size=100', 'page=501', 'page=10001&page_size=1', 'page=1000000000'])(
    'beyond row 10 000 is refused with a hint at cursors: %s',
    async (query) => {
      const { errors } = await expectProblem(await room().ask(`${customers}?${query}`), 422);
      expect(errors).toEqual([{ parameter: 'page', message: expect.stringContaining('cursor') }]);
    },
  );

  test('accepts no cursor of another filter, search or order, and none together with a page number', async () => {
    const { next } = await room().list('first_name=f1&sort_by=city');
    const cursor = new URL(next!).searchParams.get('cursor')!;
    const others = [
      'first_name=f2&sort_by=city',
      'first_name=f1',
      'first_name=f1&sort_by=country',
      'sort_by=city',
    ];
    const more = ['&ordering=descending', '&search=f1', '&gender=male', '&page=2'];
    for (const query of [...others, ...more.map((each) => `first_name=f1&sort_by=city${each}`)]) {
      const { errors } = await expectProblem(await room().ask(`${customers}?${query}&cursor=${cursor}`), 422);
      expect(errors!.map(({ parameter }) => parameter)).toEqual(['cursor']);
    }
    // The same list, written differently.
    const same = await room().list(
      `sort_by=city&ordering=ascending&gender=&first_name=F1&cursor=${cursor}&count=exact`,
    );
    expect(idsOf(same)).toEqual(idsOf(await room().list(next!)));
  });
});
