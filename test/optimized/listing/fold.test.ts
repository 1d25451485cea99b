import { describe, expect, test } from 'bun:test';
import { fold, isFoldable } from '../../../src/optimized/listing/fold.ts';
import { copyOf } from '../../cluster.ts';
import { useConnection } from '../../rooms.ts';

// Every code point except NUL and the surrogates, which no text contains.
const isCharacter = (code: number) => code < 0xd800 || code > 0xdfff;
const characters = Array.from({ length: 0x10ffff }, (_, i) => i + 1)
  .filter(isCharacter)
  .map((code) => String.fromCodePoint(code));
const codes = 'generate_series(1, 1114111) code where code not between 55296 and 57343';

describe('for 1 112 063 code points', () => {
  const sql = useConnection(() => copyOf('optimized'));

  test('those that the server folds itself are folded the same by PostgreSQL', async () => {
    const [row] = await sql().unsafe<{ folded: string }[]>(
      `select string_agg(lower(chr(code)), '' order by code) as folded from ${codes}`,
    );
    const folded = Array.from(row!.folded);
    expect(folded.length).toBe(characters.length);
    const others = characters.filter((character, i) => fold(character) !== folded[i]);
    expect(others.filter(isFoldable)).toEqual([]);
    expect(characters.filter(isFoldable).length).toBe(30_057);
    console.log(`Bun and PostgreSQL fold ${others.length} code points differently; PostgreSQL decides.`);
  }, 60_000);

  test('ILIKE, which the naive server filters by, folds like lower()', async () => {
    const [row] = await sql().unsafe<{ different: number }[]>(
      `select count(*)::integer as different from ${codes} and code not in (37, 92, 95)
        and (not chr(code) ilike lower(chr(code)) or not lower(chr(code)) ilike chr(code)
          or (upper(chr(code)) ilike chr(code)) <> (lower(upper(chr(code))) = lower(chr(code))))`,
    );
    expect(row!.different).toBe(0);
  }, 60_000);

  test('a text is folded code point by code point, whatever its neighbours are', async () => {
    const texts = [
      'ΟΔΟΣ',
      'Σ',
      'ÀΣ.',
      'İI',
      'I\u0307',
      'ẞßſ',
      'ǅǄ',
      'ﬁFI',
      'Å\u212a',
      'Ａ１',
      'A\u00a0B',
      '😀É',
    ];
    const [row] = await sql()`
      select array(select lower(text) from unnest(${texts}::text[]) with ordinality given (text, place) order by place) as folded`;
    expect(row!.folded).toEqual(texts.map(fold));
  });
});

test('texts that Bun and PostgreSQL may fold differently are left to PostgreSQL', () => {
  for (const text of ['ẞ', '\u212a', 'Ⴀ', '😀', 'Ａ', '\ua7ce', 'a\nb'])
    expect([text, isFoldable(text)]).toEqual([text, false]);
  for (const text of ['Zoë', 'ΣΊΣΥΦΟΣ', 'Łódź', 'Москва', '日本', 'İstanbul'])
    expect([text, isFoldable(text)]).toEqual([text, true]);
});
