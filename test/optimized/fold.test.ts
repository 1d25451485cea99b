import { expect, test } from 'bun:test';
import { fold, isFoldable } from '../../src/optimized/fold.ts';
import { copyOf } from '../cluster.ts';
import { useConnection } from '../rooms.ts';

const sql = useConnection(() => copyOf('optimized'));

test('every character that the server folds itself, PostgreSQL folds the same', async () => {
  const characters = Array.from({ length: 0xffff }, (_, i) => String.fromCharCode(i + 1));
  const own = characters.filter(isFoldable);
  expect(own.length).toBeGreaterThan(20_000);
  const [row] = await sql()`select lower(${own.join('\n')}) as folded`;
  expect(row!.folded.split('\n')).toEqual(own.map(fold));
});

test('characters that the two may fold otherwise are left to PostgreSQL', () => {
  for (const text of ['İstanbul', 'ẞ', '\u212a', 'Ⴀ', '😀'])
    expect([text, isFoldable(text)]).toEqual([text, false]);
  for (const text of ['Zoë', 'ΣΊΣΥΦΟΣ', 'Łódź', 'Москва', '日本'])
    expect([text, isFoldable(text)]).toEqual([text, true]);
});
