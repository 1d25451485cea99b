import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { describePath } from '../../../bench/report/paths.ts';
import { requests } from '../../../bench/requests.ts';
import { readVocabulary } from '../../../bench/vocabulary.ts';
import { readList } from '../../../src/contract/list.ts';
import { customers as listing, render } from '../../../src/optimized/columns.ts';
import { listName, windowOf } from '../../../src/optimized/listing/pages.ts';
import { connectionSettings, plan, type Reader, readRows } from '../../../src/optimized/listing/read.ts';
import { openReader } from '../../../src/optimized/listing/reader.ts';
import { sampleOf } from '../../../src/optimized/listing/sample.ts';
import { understand } from '../../../src/optimized/search/meaning.ts';
import { connect, runner, type Sql } from '../../../src/server/database.ts';
import { type Copy, seeded } from '../../cluster.ts';
import { customers, useRoom } from '../../rooms.ts';
import { choices } from '../choices.ts';
import { openOptimized } from '../room.ts';
import { thereAndBack } from '../tied.ts';

setDefaultTimeout(120_000);

// The access path of a page may cost time, but must not change it. Here every list is read by all access paths.

const ways = (reader: Reader, blind: Reader, large: Reader) =>
  Object.entries(choices).flatMap(([called, choose]) => [
    [called, choose, reader] as const,
    [`${called}, by the zone map`, choose, blind] as const,
    [`${called}, as of a large table`, choose, large] as const,
  ]);

/** Conditions on the columns of the order, alone and with others; nulls of the order begin or end each list by country. */
const onTheOrder = [
  'first_name=an&sort_by=first_name&page_size=7',
  'last_name=e&sort_by=full_name&page_size=9&page=3',
  'last_name=e&first_name=a&gender=female&sort_by=full_name&ordering=descending',
  'customer_id=1&sort_by=customer_id&page_size=3&page=5',
  'city=o&gender=male&sort_by=city&page_size=5&page=2',
  'country=an&sort_by=country&page_size=100',
  'has_address=false&sort_by=country&page_size=11',
  'has_address=false&gender=male&sort_by=country&ordering=descending&page_size=7',
  'sort_by=points&page_size=20&page=40',
];

/** Lists by relevance of a number, most of whose matches have a rank of 0; lists `onTheOrder`; and then the drawn requests. */
function* pointedAnd(drawn: ReturnType<typeof requests>) {
  for (const number of [2, 19, 45, 200]) {
    const path = `${customers}?search=${number}&sort_by=relevance&page_size=7`;
    yield { shape: 'number', path, status: 200 };
  }
  for (const query of onTheOrder) yield { shape: query, path: `${customers}?${query}`, status: 200 };
  yield* drawn;
}

/** Creates customers who were active at any time, so that the zone map has several segments. */
async function scatter(sql: Sql): Promise<void> {
  await sql`
    select create_customer('New', 'One', null, null, null, null, false, null, null, null, null, null, true, 1, active)
    from (select last_activity as active from customer_list where last_activity is not null order by id limit 40) found`;
  const [row] = await sql`
    select max((select count(*) from unnest(created))) as segments from customer_list_zone`;
  expect(row!.segments).toBeGreaterThan(1);
}

describe('a list is the same', () => {
  let copies: Awaited<ReturnType<typeof seeded>>;
  const room = useRoom(async () => {
    copies = await seeded(2_000);
    const opened = await openOptimized({ on: copies.optimized, cache: 'off' });
    await scatter(opened.sql);
    const close = async () => {
      await opened.close();
      await Promise.all(Object.values(copies).map((copy: Copy) => copy.drop()));
    };
    return { ...opened, close };
  });

  test('by every access path, on every page', async () => {
    const { services, name: database } = copies.optimized;
    const sql = connect(services.postgres, database, { pool: 1 }, connectionSettings);
    const reader = await openReader(sql, listing, render);
    await reader.ready;
    expect(reader.zoned).not.toEqual({});
    // If a sample shows no match at all, the zone map is looked up.
    const blind = { ...reader, sample: () => sampleOf(reader.sample().total, []) };
    // In a large table, a list by relevance uses the index where it scans here.
    const sample = reader.sample();
    const large = { ...reader, sample: () => ({ ...sample, total: 1_000 * sample.total }) };
    const vocabulary = await readVocabulary('http://customers.test', 100, (request) =>
      room().ask(request.url),
    );
    const taken = new Map<string, number>();
    const asked = new Map<string, number>();
    let drawn = 0;
    for (const { shape, path, status } of pointedAnd(requests(11, vocabulary))) {
      if (++drawn > 500) break;
      // Half of the drawn requests combine conditions. Few are lists by relevance, which have access paths of their own.
      const ranked = path.includes('sort_by=relevance');
      const kind = ranked ? 'by relevance' : shape;
      const before = asked.get(kind) ?? 0;
      if (status !== 200 || before >= (ranked ? 12 : drawn <= 120 ? 3 : 0)) continue;
      asked.set(kind, before + 1);
      const first = await understand(
        runner(sql),
        readList(`http://a${path}`, { cursors: true, count: 'none' }),
      );
      const name = listName(listing, first);
      // The page itself, and those that its links lead to.
      const { next, previous } = await room().list(path.slice(customers.length + 1));
      const cursors = [next, previous].flatMap(
        (link) => new URL(link ?? 'http://none').searchParams.get('cursor') ?? [],
      );
      const windows = [first, ...cursors.map((cursor) => ({ ...first, page: null, cursor }))].map((request) =>
        windowOf(listing, name, request),
      );
      for (const window of windows) {
        const { rows, bodies, ranks } = await readRows(runner(sql), reader, first, window);
        const done = new Set<string>();
        for (const [called, choose, base] of ways(reader, blind, large)) {
          const known = { ...base, choose };
          // Several choices give the same statements if no condition makes them differ.
          const statements = [...plan(known, first, window)].map(({ text, parameters }) => [
            text,
            parameters,
          ]);
          if (done.size === done.add(JSON.stringify(statements)).size) continue;
          const other = await readRows(runner(sql), known, first, window);
          taken.set(other.path, (taken.get(other.path) ?? 0) + 1);
          const same = { path, window, called, rows: other.rows, bodies: other.bodies, ranks: other.ranks };
          expect(same).toEqual({ path, window, called, rows, bodies, ranks });
        }
      }
    }
    reader.close();
    await sql.end();
    expect([...taken.keys()].toSorted()).toEqual(
      [
        ...['walk', 'walk+scan', 'walk+buckets', 'scan', 'collect', 'buckets', 'buckets+collect'],
        ...['keys', 'keys+scan'],
        ...['rank', 'rank+rank'],
      ].toSorted(),
    );
    for (const [path, times] of taken) expect([path, times > 4]).toEqual([path, true]);
    // The report says what each of them does.
    for (const name of new Set([...taken.keys()].flatMap((path) => path.split('+'))))
      expect(describePath(name)).not.toBe(name);
  }, 120_000);
});

describe('if a walk ends before the page is full', () => {
  // Many customers with points come before the few matches, and some matches have no points.
  const fill = (sql: Sql) => sql`
    with person as (
      insert into customer (first_name, last_name, customer_id)
      select case when n % 2000 < 3 then 'Rare' else 'Common' end, 'N', md5(n::text) from generate_series(1, 16000) n
      returning id
    )
    insert into customer_relationship (customer_ref, points) select id, id from person where id > 1000`;
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), { fill });
  const hasty = useRoom(
    (options) =>
      openOptimized({ ...options, choose: choices['walking a few rows, then scanning'], cache: 'off' }),
    { fill },
  );

  test.each(['points', 'created', 'customer_id', 'last_activity'])(
    'another statement continues the list by %s',
    async (sort) => {
      for (const ordering of ['ascending', 'descending']) {
        for (const size of [1, 7, 24, 100]) {
          const query = `first_name=rare&sort_by=${sort}&ordering=${ordering}&page_size=${size}`;
          const [there, back] = await thereAndBack(hasty(), query);
          expect(there).toHaveLength(24);
          expect(back).toEqual(there);
          expect((await thereAndBack(room(), query))[0]).toEqual(there);
        }
      }
    },
  );
});

describe('if more values match than the inverted index looks up at once', () => {
  const fill = (sql: Sql) => sql`
    insert into customer (first_name, last_name, customer_id)
    select 'Value ' || n % 300, 'N', md5(n::text) from generate_series(1, 900) n`;
  const room = useRoom((options) => openOptimized({ ...options, cache: 'off' }), { fill });
  const asking = useRoom(
    (options) =>
      openOptimized({ ...options, choose: choices['asking the inverted index at once'], cache: 'off' }),
    { fill },
  );

  test.each(['first_name', 'created', 'customer_id'])(
    'each row appears once in the list by %s',
    async (sort) => {
      for (const [part, matching] of [
        ['value', 900],
        ['e 2', 333],
      ]) {
        const query = `first_name=${part}&sort_by=${sort}&page_size=100`;
        const [there, back] = await thereAndBack(asking(), query);
        expect(there).toHaveLength(matching as number);
        expect(back).toEqual(there);
        expect((await thereAndBack(room(), query))[0]).toEqual(there);
        expect((await asking().list(`${query}&count=exact`)).count).toBe(matching as number);
      }
    },
  );
});
