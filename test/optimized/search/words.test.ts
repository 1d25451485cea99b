import { describe, expect, test } from 'bun:test';
import { isSearchable } from '../../../src/optimized/search/words.ts';
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
