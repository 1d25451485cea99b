import { describe, expect, test } from 'bun:test';
import type { Room } from '../rooms.ts';
import { namesOf } from './people.ts';

const [S, A, T, N] = ['Someone', 'Anotherone', 'Thirdperson', 'NoAddressPerson'];
const [J, M, X, P, I] = ['John', 'Main', 'Xaver', 'Żółć', 'İbrahim'];

const found: [search: string, names: (string | undefined)[]][] = [
  // Words: all of them must match, whole and case-insensitively.
  ['sOMEONE', [S]],
  ['Some', []],
  ['someone three', []],
  [' \t Someone   One  ', [S]],
  ['CUST-001', [S]],
  ['1990-05-20', [A]],
  ['2023-06-20', [A]],
  ['2022-02-22', [A, S, T]],
  ['żółć', [P]],
  ['ŻÓŁĆ', [P]],
  ['Zolc', []],
  // Each letter is folded on its own, as in PostgreSQL: `İ` to `i`, `ẞ` to `ß`, `Σ` to `σ` also at the end.
  ['İbrahim', [I]],
  ['ibrahim', [I]],
  ['IBRAHİM weiẞ', [I]],
  ['i\u0307brahim', []],
  ['ΣΊΣΥΦΟς', [I]],
  ['ΣΊΣΥΦΟΣ', []],
  ['weiss', []],
  ['Someone\u00a0One', [S]],
  ['１２３４５', []],
  // Words of digits, also as a substring of phone number, city code or street number.
  ['2345', [S, T]],
  ['4321', [A]],
  ['444', [N]],
  ['+444', [N]],
  ['%2B444', []],
  ['+222222222', [A]],
  ['222222222', [A]],
  ['250', [A]],
  ['2', [A, S, T]],
  ['77', [X]],
  ['12345 One', [S]],
  ['12345 54321', []],
  ['99999', []],
  ['2b', []],
  // Nothing searchable in one word or in all words, or no word.
  [' ', []],
  ['\u00a0\u3000', []],
  ['&', []],
  ['<b>', []],
  ['&amp;', []],
  ['& | ! :*', []],
  ['One & 12345', [S]],
  ['Someone :// .', [S]],
  ['& 444', [N]],
  ['%', []],
  ['_', []],
  ['\\', []],
  ["'", []],
  ['日本', []],
  ['😀 Someone', []],
  // Operators.
  ['Someone or Three', [S, T]],
  ['Someone OR Three', [S, T]],
  ['oreo', []],
  ['"Main Street"', [S, T]],
  ['"Street Main"', []],
  ['"Main Street" One', [S]],
  ['Testland -Someplace', [A]],
  ['-Testland', [I, J, M, N, P, X]],
  ['Testland -"Main Street"', [A]],
  ['"2345"', []],
  ['2345 or Four', [N]],
  ['""', []],
  ['or', []],
  ['-', []],
  // Texts that other components on the way could misread.
  ['Smith, John', [J]],
  ['[x]', [X]],
  ['<x>', [X]],
  ['x://', [X]],
  ["O'Neil", [M]],
  ['Smith:* | One', []],
  ['!Someone', [S]],
  ['(Someone)', [S]],
  ['(or)', []],
  ['Someone (or)', []],
  ['http://', []],
  ['x'.repeat(200), []],
];

/** Five more customers, for the search to find or to leave out. */
async function more(room: Room) {
  const bodies = [
    { first_name: J, last_name: 'Smith' },
    { first_name: M, last_name: "O'Neil" },
    { first_name: X, last_name: 'X', phone_number: '+33557788990' },
    { first_name: P, last_name: 'Gęślą' },
    { first_name: I, last_name: 'Σίσυφος Weiß' },
  ];
  for (const body of bodies) expect((await room.send('POST', '', body)).status).toBe(201);
}

/** The matches of a search. The room contains the four customers. */
export function search(room: () => Room) {
  describe('a search', () => {
    test('needs a few more customers first', () => more(room()));

    test.each(found)('for %j finds the expected customers', async (text, names) => {
      const page = await room().list(`count=exact&search=${encodeURIComponent(text)}`);
      expect(namesOf(page)).toEqual(names.map(String).sort());
      expect(page.count).toBe(names.length);
    });

    test('is the same however it is encoded', async () => {
      for (const query of ['search=Smith, John', 'search=Smith,+John', 'search=Smith%2C%20John']) {
        expect(namesOf(await room().list(query))).toEqual([J!]);
      }
      expect(namesOf(await room().list('search=[x]'))).toEqual([X!]);
      expect(namesOf(await room().list('search=%2B444'))).toEqual([N!]);
    });

    test('can be combined with filters and every order', async () => {
      const { results } = await room().list(
        'search=Testland&max_points=200&sort_by=points&ordering=ascending',
      );
      expect(results.map(({ first_name }) => first_name)).toEqual([T!, S!]);
    });

    test('by relevance puts the best match first, and ties in order of their ids', async () => {
      // "main" is the first name (weight A) of one customer, and in the street (weight C) of two.
      const names = async (query: string) =>
        (await room().list(`search=main&${query}`)).results.map(({ first_name }) => first_name);
      expect(await names('sort_by=relevance')).toEqual([M!, T!, S!]);
      expect(await names('sort_by=relevance&ordering=ascending')).toEqual([S!, T!, M!]);
      expect(await names('sort_by=relevance&page_size=2')).toEqual([M!, T!]);
      expect(await names('ordering=ascending')).toEqual([S!, T!, M!]);
    });

    test('by relevance can be walked forwards and backwards', async () => {
      const query = 'search=main or testland&sort_by=relevance';
      const all = (await room().list(query)).results.map(({ id }) => id);
      expect(all).toHaveLength(4);
      const pages = [await room().list(`${query}&page_size=1`)];
      for (let page = pages[0]!; page.next; pages.push(page)) page = await room().list(page.next);
      expect(pages.flatMap(({ results }) => results.map(({ id }) => id))).toEqual(all);
      let back = pages.at(-1)!;
      for (let i = all.length - 2; i >= 0; i--) {
        back = await room().list(back.previous!);
        expect(back.results[0]!.id).toBe(all[i]!);
      }
    });
  });
}
