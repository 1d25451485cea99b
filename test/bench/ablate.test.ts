import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mechanisms } from '../../bench/ablate/mechanisms.ts';
import { listPath, requests } from '../../bench/requests.ts';
import { readAlone } from '../../bench/shapes/optimized.ts';
import { readVocabulary } from '../../bench/vocabulary.ts';
import { customers, render } from '../../src/optimized/columns.ts';
import { openReader } from '../../src/optimized/listing/reader.ts';
import { seededOnly } from '../cluster.ts';
import { openOptimized } from '../optimized/room.ts';
import { useRoom } from '../rooms.ts';

setDefaultTimeout(120_000);

// Leaving out a mechanism may cost time, but must not change an answer: a gain in speed with a different page says nothing.
describe('the answers without a mechanism', () => {
  const room = useRoom(async () => openOptimized({ on: await seededOnly('optimized', 9_000), cache: 'off' }));

  test('are the same as with it', async () => {
    const { sql, ask } = room();
    const reader = await openReader(sql, customers, render);
    await reader.ready;
    reader.close();
    const vocabulary = await readVocabulary('http://customers.test', 200, ({ url }) => ask(url));
    const paths = requests(3, vocabulary)
      .filter(({ path, status }) => status === 200 && !path.includes('cursor='))
      .map(({ path }) => path)
      .take(60)
      .toArray();
    // A list with few matches, some of them without points.
    paths.push(`${listPath}?phone_number=471&last_name=e&sort_by=points&ordering=ascending&page_size=100`);
    for (const { name, without } of mechanisms) {
      const other = without(reader);
      for (const path of paths) {
        const [given, expected] = [
          await readAlone(sql, other, path, 5_000),
          await readAlone(sql, reader, path, 5_000),
        ];
        expect({ name, path, answer: given.answer }).toEqual({ name, path, answer: expected.answer });
      }
    }
  });
});
