import { describe, expect, test } from 'bun:test';
import { requests } from '../../bench/requests.ts';
import { readVocabulary, type Vocabulary } from '../../bench/vocabulary.ts';
import { readList } from '../../src/contract/list.ts';
import { decodeCursor } from '../../src/optimized/cursor.ts';
import { listName, windowOf } from '../../src/optimized/pages.ts';
import * as queries from '../../src/optimized/queries.ts';
import { readStatistics, type Statistics } from '../../src/optimized/statistics.ts';
import { runner, type Sql } from '../../src/server/database.ts';
import { type Copy, seeded } from '../cluster.ts';
import { customers, useRoom } from '../rooms.ts';
import { believing, fewExpected, nothingKnown, openOptimized, shareExpected } from './room.ts';
import { thereAndBack } from './tied.ts';

// The server chooses among several statements by what it believes of its data. A wrong belief may cost time; here
// every list is read with right and wrong ones, and has to be the same.

describe('a list is the same', () => {
  let copies: Awaited<ReturnType<typeof seeded>>;
  const room = useRoom(async () => {
    copies = await seeded(3_000);
    const opened = await openOptimized({ on: copies.optimized, cache: 'off' });
    const close = async () => {
      await opened.close();
      await Promise.all(Object.values(copies).map((copy: Copy) => copy.drop()));
    };
    return { ...opened, close };
  });

  async function beliefs(vocabulary: Vocabulary): Promise<Record<string, Statistics>> {
    const names = vocabulary.map(({ first_name }) => first_name.toLowerCase());
    return {
      right: await readStatistics(room().sql),
      'nothing known': nothingKnown,
      'few expected': fewExpected,
      'many expected': shareExpected(0.02, 1_000_000, names),
      'too many expected': shareExpected(0.9, 30, names),
    };
  }

  test('whatever the server believes of its data, on every page', async () => {
    const vocabulary = await readVocabulary('http://customers.test', 100, (request) =>
      room().ask(request.url),
    );
    const believed = Object.entries(await beliefs(vocabulary));
    let read = 0;
    for (const { path, status } of requests(11, vocabulary)) {
      if (status !== 200) continue;
      if (++read > 250) return;
      const first = readList(`http://a${path}`, { cursors: true, count: 'none' });
      const name = listName(first);
      // The page itself, and those that its links lead to.
      const { next, previous } = await room().list(path.slice(customers.length + 1));
      const cursors = [next, previous].map((link) => link && new URL(link).searchParams.get('cursor'));
      const windows = [
        windowOf(name, first),
        ...cursors.filter(Boolean).map((cursor) => ({
          rows: first.pageSize + 1,
          skip: 0,
          position: decodeCursor(name, cursor!),
        })),
      ];
      for (const window of windows) {
        const rows: Record<string, queries.Rows> = {};
        for (const [belief, statistics] of believed) {
          rows[belief] = await queries.list(runner(room().sql), first, window, believing(statistics));
        }
        for (const [belief] of believed) {
          expect({ path, window, belief, rows: rows[belief] }).toEqual({
            path,
            window,
            belief,
            rows: rows.right!,
          });
        }
      }
    }
  });
});

describe('where a walk ends before the page is full', () => {
  // Many customers with points come before the few that match, and some that match have none at all.
  const fill = (sql: Sql) => sql`
    with person as (
      insert into customer (first_name, last_name, customer_id)
      select case when n % 2000 < 3 then 'Rare' else 'Common' end, 'N', md5(n::text) from generate_series(1, 16000) n
      returning id
    )
    insert into customer_relationship (customer_ref, points) select id, id from person where id > 1000`;
  const hasty = useRoom((options) => openOptimized({ ...options, statistics: nothingKnown, cache: 'off' }), {
    fill,
  });
  const careful = useRoom((options) => openOptimized({ ...options, statistics: fewExpected, cache: 'off' }), {
    fill,
  });

  test.each(['points', 'created', 'customer_id', 'last_activity'])(
    'another statement goes on, by %s',
    async (sort) => {
      for (const ordering of ['ascending', 'descending']) {
        for (const size of [1, 7, 24, 100]) {
          const query = `first_name=rare&sort_by=${sort}&ordering=${ordering}&page_size=${size}`;
          const [there, back] = await thereAndBack(hasty(), query);
          expect(there).toHaveLength(24);
          expect(back).toEqual(there);
          expect((await thereAndBack(careful(), query))[0]).toEqual(there);
        }
      }
    },
  );
});
