import { describe, expect, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import { readList } from '../../../src/contract/list.ts';
import { customers, render } from '../../../src/optimized/columns.ts';
import { findings } from '../../../src/optimized/listing/conditions.ts';
import { newReader } from '../../../src/optimized/listing/reader.ts';
import { binder } from '../../../src/optimized/listing/sql.ts';
import {
  askable,
  hasPhrase,
  isIn,
  meaningOf,
  notationOf,
  parsed,
  type Query,
  understand,
} from '../../../src/optimized/search/meaning.ts';
import { searchConditions } from '../../../src/optimized/search/words.ts';
import { type Parameter, runner, type Sql } from '../../../src/server/database.ts';
import { copyOf } from '../../cluster.ts';
import { useConnection } from '../../rooms.ts';

/** The query that PostgreSQL makes of each text. */
async function meaningsOf(sql: Sql, texts: string[]): Promise<(Query | null)[]> {
  const rows = await sql<{ query: string }[]>`
    select websearch_to_tsquery('simple', text)::text as query
    from unnest(${texts}::text[]) with ordinality given (text, place) order by place`;
  return rows.map(({ query }) => parsed(query));
}

/** The request of a search, with the queries that PostgreSQL makes of it. */
function understood(sql: Parameters<typeof runner>[0], search: string) {
  const url = `http://a/?search=${encodeURIComponent(search)}`;
  return understand(runner(sql), readList(url, { cursors: true, count: 'none' }));
}

async function conditionsOf(sql: Parameters<typeof runner>[0], text: string) {
  const { search, meanings } = await understood(sql, text);
  return searchConditions(newReader(customers, render), search!, meanings);
}

describe('a plain text', () => {
  const sql = useConnection(() => copyOf('optimized'));

  /** The texts whose query in PostgreSQL differs from their plain meaning. */
  async function otherwise(texts: string[]): Promise<string[]> {
    const asked = await meaningsOf(sql(), texts);
    return texts.filter((text, i) => !Bun.deepEquals(meaningOf(text), asked[i]));
  }

  test('has the meaning that PostgreSQL gives it, whichever characters it consists of', async () => {
    const all = Array.from({ length: 0x10ffff }, (_, i) => i + 1).filter(
      (code) => code < 0xd800 || code > 0xdfff,
    );
    const characters = all
      .map((code) => String.fromCodePoint(code))
      .filter((character) => meaningOf(character) !== undefined);
    expect(characters.length).toBeGreaterThan(500);
    expect(await otherwise(characters)).toEqual([]);
    const pairs = characters.flatMap((one) => ['a', '7', 'Ж'].flatMap((other) => [one + other, other + one]));
    expect(await otherwise(pairs)).toEqual([]);
    const draw = random(3);
    const letters = [...'0123456789abcdefxABCDEFX', 'é', 'Ж'];
    const words = Array.from({ length: 20_000 }, () =>
      Array.from({ length: draw.int(1, 8) }, () => draw.pick(letters)).join(''),
    );
    const plain = words.filter((word) => meaningOf(word) !== undefined);
    expect(plain.length).toBeGreaterThan(15_000);
    expect(await otherwise(plain)).toEqual([]);
  });

  test('may be a date', async () => {
    const draw = random(4);
    const two = (most: number) => String(draw.int(0, most)).padStart(2, '0');
    const dates = Array.from(
      { length: 2_000 },
      () => `${two(99)}${two(99)}-${two(draw.pick([12, 99]))}-${two(99)}`,
    );
    expect(dates.filter((date) => meaningOf(date) === undefined)).toEqual([]);
    expect(await otherwise(dates)).toEqual([]);
  });

  test('is not a word with other characters', () => {
    for (const text of ['&', "o'neil", 'a-b', 'a.b', '1e5', '1e5b', '𠮷', '美咲', '', 'a b', '2025-1-1'])
      expect([text, meaningOf(text)]).toEqual([text, undefined]);
  });
});

describe('PostgreSQL parses', () => {
  const sql = useConnection(() => copyOf('optimized'));

  test.each([
    ['Ada 42 +49 1984-03-12', 0],
    ['Ada 美咲 a-b', 1],
    ['"Ada Lovelace" or a-b', 1],
  ])('the search %p in the expected number of statements', async (search, statements) => {
    const run = runner(sql());
    const url = `http://a/?search=${encodeURIComponent(search)}`;
    const { meanings } = await understand(run, readList(url, { cursors: true, count: 'none' }));
    expect([run.count, meanings !== undefined]).toEqual([statements, statements > 0]);
  });
});

describe('the inverted index is queried', () => {
  const sql = useConnection(() => copyOf('optimized'));

  // A word without a lexeme is left out. The index cannot find the rows that lack a word.
  test.each([
    ['Ada', [true]],
    ['美咲', [true]],
    ['美咲 健', [true, true]],
    ['Ada 美咲', [true, true]],
    ['& Ada', [true]],
    ['42 美咲', [true, true]],
    ['42 &', [true]],
    ['&', [false]],
    ['(-b)', [false]],
    ['Ada <!--b', [true, false]],
    ['Ada or -b', [false]],
    ['"Ada Lovelace" -b', [true]],
  ])('for the expected words of %s', async (search, expected) => {
    const found = await conditionsOf(sql(), search);
    expect(found.map(({ find }) => find !== null)).toEqual(expected);
  });

  test('for no word whose meaning is unknown', () => {
    const { search } = readList('http://a/?search=Ada a-b', { cursors: true, count: 'none' });
    const found = searchConditions(newReader(customers, render), search!);
    expect(found.map(({ find }) => find !== null)).toEqual([true, false]);
  });

  test('for each word without missing a match', async () => {
    const [row] = await sql()`
      insert into customer (first_name, last_name, customer_id) values ('Ada', '美咲 O''Neil b@c.de \\N', '42') returning id`;
    const words = [
      '& Ada',
      'Ada ://',
      '美咲',
      '& 美咲',
      '42 美咲',
      '42 & 美咲',
      "O'Neil Ada",
      'b@c.de',
      '\\N',
    ];
    for (const search of ['Ada 美咲', ...words, '"o neil" or x', 'ada -x', "x or (o'neil)"]) {
      const conditions = await conditionsOf(sql(), search);
      expect([search, conditions.length]).not.toEqual([search, 0]);
      for (const condition of conditions) {
        const parameters: Parameter[] = [];
        const where = findings(customers, [condition], [], binder(parameters));
        const found = await sql().unsafe(`select id from customer_list where ${where}`, parameters);
        expect([search, ...found.map(({ id }) => id)]).toEqual([search, row!.id]);
      }
    }
  });

  // A locale may have other letters than the server assumes. Here all except those of ASCII are no letters.
  test('for no word in which PostgreSQL finds no lexeme', async () => {
    const [both, alone] = await sql().begin(async (one) => {
      await one`alter text search configuration simple drop mapping for word`;
      const found = [await conditionsOf(one, '42 美咲'), await conditionsOf(one, '美咲')];
      await one`alter text search configuration simple add mapping for word with simple`;
      return found;
    });
    expect(both!.map(({ parameters }) => parameters)).toEqual([['search 42']]);
    expect(alone!.map(({ never }) => never)).toEqual([true]);
  });

  // The parser reads them as numbers with signs; the index is queried for each of these.
  test.each(['2025-07-13', '1-2', '007-08', '0-0-0', '12-34-56-78', '99999999999999999999-100000000000'])(
    'for the numbers of %s without missing a match',
    async (search) => {
      const [row] =
        await sql()`insert into customer (first_name, last_name, customer_id) values ('Ada', ${search}, ${search}) returning id`;
      const [condition, ...others] = await conditionsOf(sql(), search);
      expect(others).toEqual([]);
      const parameters: Parameter[] = [];
      const bind = binder(parameters);
      const where = findings(customers, [condition!], [], bind);
      expect(parameters.length).toBeGreaterThan(1);
      const found = await sql().unsafe(`select id from customer_list where ${where}`, parameters);
      expect(found.map(({ id }) => id)).toContain(row!.id);
    },
  );
});

describe('a query in the notation of PostgreSQL', () => {
  const sql = useConnection(() => copyOf('optimized'));
  const draw = random(7);
  const pieces = [
    ...[
      'a',
      'b',
      'or',
      'OR',
      '-c',
      '-"d e"',
      '"f g"',
      'or,',
      'or, ,',
      'orb',
      'or_b',
      ',',
      'or"h i"',
      '\n',
      '- k',
    ],
    ...[
      ...'!"#$%&()*+,./:;<=>?@[]^_`{|}~\\',
      "'",
      "''",
      '-',
      '–',
      '🇩🇪',
      'B',
      '1',
      'a-b',
      '<!--b',
      '(-a)',
      'x.y.z',
      "\\'",
    ],
  ];
  const texts = Array.from({ length: 6_000 }, () =>
    Array.from({ length: draw.int(1, 6) }, () => draw.pick(pieces)).join(draw.pick([' ', ' ', '\t', ''])),
  );

  test('is read correctly, and the query of the index misses no match', async () => {
    const words = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'or', '1', 'k', 'x.y.z', 'a-b', '🇩🇪', 'h'];
    const documents = Array.from({ length: 200 }, () =>
      Array.from({ length: draw.int(0, 7) }, () => draw.pick(words)).join(' '),
    );
    const meanings = await meaningsOf(sql(), texts);
    const asked = meanings.map((one) => (one === null ? [] : askable(one).map(notationOf).join(' & ')));
    const rows = await sql()<{ words: string[]; matches: string; found: string }[]>`
      select tsvector_to_array(vector) as words, given.matches, given.found
      from (select to_tsvector('simple', document) as vector from unnest(${documents}::text[]) document) document
      cross join lateral (
        select json_agg(vector @@ websearch_to_tsquery('simple', text) order by place) as matches,
          json_agg(case when asked <> '' then vector @@ asked::tsquery end order by place) as found
        from unnest(${texts}::text[], ${asked.map(String)}::text[]) with ordinality given (text, asked, place)
      ) given`;
    const wrong: string[] = [];
    const seen = { matches: 0, exact: 0, found: 0 };
    for (const row of rows) {
      const [allMatches, allFound]: (boolean | null)[][] = [JSON.parse(row.matches), JSON.parse(row.found)];
      for (const [i, meaning] of meanings.entries()) {
        if (meaning === null) continue;
        const [matches, found] = [allMatches![i], allFound![i]];
        const isLikely = isIn(meaning, new Set(row.words));
        if (matches) seen.matches += 1;
        if (found === true) seen.found += 1;
        if (matches && found === false) wrong.push(`${texts[i]} asks for ${asked[i]}, not in ${row.words}`);
        if (hasPhrase(meaning)) continue;
        seen.exact += 1;
        if (isLikely !== matches) wrong.push(`${texts[i]} is expected otherwise in ${row.words}`);
      }
    }
    expect(wrong).toEqual([]);
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50_000);
  });
});
