import { describe, expect, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import { readList } from '../../../src/contract/list.ts';
import { customers, render } from '../../../src/optimized/columns.ts';
import { findings } from '../../../src/optimized/listing/conditions.ts';
import { alternatives, isFindable, mayForbid, partsOf } from '../../../src/optimized/listing/match.ts';
import { newReader } from '../../../src/optimized/listing/reader.ts';
import { binder } from '../../../src/optimized/listing/sql.ts';
import { isSearchable, searchConditions } from '../../../src/optimized/search/words.ts';
import type { Parameter } from '../../../src/server/database.ts';
import { copyOf } from '../../cluster.ts';
import { useConnection } from '../../rooms.ts';

describe('a word that counts as searchable', () => {
  const sql = useConnection(() => copyOf('optimized'));

  const unsearchable = async (words: string[]): Promise<string[]> => {
    const rows = await sql()<{ word: string }[]>`
      select word from unnest(${words}::text[]) word where numnode(websearch_to_tsquery('simple', word)) = 0`;
    return rows.map(({ word }) => word);
  };

  test('has a lexeme for PostgreSQL, whichever of its characters it is of', async () => {
    const all = Array.from({ length: 0x10ffff }, (_, i) => i + 1).filter(
      (code) => code < 0xd800 || code > 0xdfff,
    );
    const characters = all.map((code) => String.fromCodePoint(code)).filter(isSearchable);
    expect(characters.length).toBeGreaterThan(500);
    expect(await unsearchable(characters)).toEqual([]);
    // Beside each other, and around what may stand between them.
    const pairs = characters.flatMap((one) => ['a', '7', 'Ж'].map((other) => one + other));
    const joined = characters.flatMap((one) => ["'", '.', '-'].map((between) => `${one}${between}b`));
    expect(await unsearchable([...pairs, ...joined])).toEqual([]);
  });

  test('is none of punctuation alone', async () => {
    const marks = ['&', '…', '-', '𠮷', '!', '()'];
    expect(marks.filter(isSearchable)).toEqual([]);
    expect(await unsearchable(['&', '()'])).toEqual(['&', '()']);
  });
});

describe('the inverted index is asked', () => {
  const sql = useConnection(() => copyOf('optimized'));

  const conditionsOf = (search: string) => {
    const url = `http://a/?search=${encodeURIComponent(search)}`;
    const request = readList(url, { cursors: true, count: 'none' });
    return searchConditions(newReader(customers, render), request.search!);
  };

  // What `&` or 美咲 are to PostgreSQL is not known before. Beside another word the index is asked for what has a letter or digit.
  test.each([
    ['Ada', [true]],
    ['美咲', [true]],
    ['美咲 健', [true]],
    ['Ada 美咲', [true, true]],
    ['& Ada', [true, false]],
    ['42 美咲', [true, true]],
    ['42 &', [true, false]],
    // As an operator within a word a minus sign forbids, and what lacks a word is not found by the index.
    ['(-b)', [false]],
    ['Ada <!--b', [true, false]],
  ])('of the words %s', (search, expected) => {
    expect(conditionsOf(search).map(({ find }) => find !== null)).toEqual(expected);
  });

  test('for no word in a way that leaves out a match', async () => {
    const [row] =
      await sql()`insert into customer (first_name, last_name, customer_id) values ('Ada', '美咲', '42') returning id`;
    const searches = ['Ada 美咲', '& Ada', 'Ada ://', '美咲', '& 美咲', '42 美咲', '42 & 美咲'];
    for (const search of searches)
      for (const condition of conditionsOf(search).filter(({ find }) => find !== null)) {
        const parameters: Parameter[] = [];
        const where = findings(customers, [condition], [], binder(parameters));
        const found = await sql().unsafe(`select id from customer_list where ${where}`, parameters);
        expect([search, ...found.map(({ id }) => id)]).toEqual([search, row!.id]);
      }
  });

  // A locale may have other letters than the server knows of. Here all but those of ASCII are none.
  test('for every row where PostgreSQL finds nothing in the letters of a word', async () => {
    const { test: asked, find } = conditionsOf('42 美咲')[1]!;
    const ids = (parameters: Parameter[], where: string) =>
      sql().begin(async (one) => {
        await one`alter text search configuration simple drop mapping for word`;
        const found = await one.unsafe(`select id from customer_list where ${where}`, parameters);
        await one`alter text search configuration simple add mapping for word with simple`;
        return found.map(({ id }) => id as number);
      });
    const [first, second]: Parameter[][] = [[], []];
    const all = await sql()`select id from customer_list`;
    expect(all).toHaveLength(1);
    const tested = asked(binder(first!));
    expect(await ids(first!, tested)).toEqual([all[0]!.id]);
    const asking = findings(customers, [{ parameters: [], test: asked, find }], [], binder(second!));
    expect(await ids(second!, asking)).toEqual([all[0]!.id]);
  });

  // The parser takes them for numbers with signs; the index is asked for each of these.
  test.each(['2025-07-13', '1-2', '007-08', '0-0-0', '12-34-56-78', '99999999999999999999-100000000000'])(
    'for the numbers of %s in a way that leaves out no match',
    async (search) => {
      const [row] =
        await sql()`insert into customer (first_name, last_name, customer_id) values ('Ada', ${search}, ${search}) returning id`;
      const [condition, ...others] = conditionsOf(search);
      expect(others).toEqual([]);
      const parameters: Parameter[] = [];
      const bind = binder(parameters);
      const where = findings(customers, [condition!], [], bind);
      const found = await sql().unsafe(`select id from customer_list where ${where}`, parameters);
      expect(found.map(({ id }) => id)).toContain(row!.id);
    },
  );
});

describe('a search with operators', () => {
  const sql = useConnection(() => copyOf('optimized'));

  test('is not found by the index where PostgreSQL may see an operator within a word', async () => {
    const draw = random(7);
    const pieces = [...'!"#$%&()*+,./:;<=>?@[]^_`{|}~\\', "'", '-', '–', '🇩🇪', 'a', 'B', '1'];
    const words = Array.from({ length: 5_000 }, () => {
      const word = Array.from({ length: draw.int(1, 3) }, () => draw.pick(pieces)).join('');
      return `${word}-b`.replaceAll('"', '');
    }).filter((word) => !word.startsWith('-'));
    const queries = await sql()<{ word: string; query: string }[]>`
      select word, websearch_to_tsquery('simple', word)::text as query from unnest(${words}::text[]) word`;
    const forbids = queries.filter(({ query }) => /(^|[(& ])!/.test(query));
    expect(forbids.length).toBeGreaterThan(100);
    expect(forbids.filter(({ word }) => !mayForbid(word))).toEqual([]);
    for (const [text, findable] of [
      ['"a" (-b)', true],
      ['"(-b)"', false],
      ['-b .', false],
      ['"."', true],
    ] as const)
      expect([text, isFindable({ kind: 'query', text })]).toEqual([text, findable]);
  });

  test('has the alternatives that PostgreSQL sees in it', async () => {
    const pieces = [
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
    ];
    const draw = random(12);
    const texts = Array.from({ length: 3000 }, () =>
      Array.from({ length: draw.int(1, 6) }, () => draw.pick(pieces)).join(draw.pick([' ', ' ', '\t'])),
    );
    const queries = await sql()<{ query: string }[]>`
      select websearch_to_tsquery('simple', text)::text as query from unnest(${texts}::text[]) with ordinality given (text, place)
      order by place`;
    const seen = queries.map(({ query }) => query.split(' | ').map((one) => one.match(/\w+/g) ?? []));
    const said = texts.map((text) =>
      alternatives(text).map((terms) => terms.flatMap(({ word }) => partsOf(word))),
    );
    const isSomething = (terms: string[]) => terms.length > 0;
    const pairs = texts.map(
      (text, i) => [text, said[i]!.filter(isSomething), seen[i]!.filter(isSomething)] as const,
    );
    expect(pairs.filter(([, ours, theirs]) => !Bun.deepEquals(ours, theirs))).toEqual([]);
    expect(pairs.filter(([, ours]) => ours.length > 1).length).toBeGreaterThan(300);
  });
});
