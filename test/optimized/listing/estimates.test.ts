import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { requests } from '../../../bench/requests.ts';
import { readVocabulary } from '../../../bench/vocabulary.ts';
import { readList } from '../../../src/contract/list.ts';
import { customers as listing, render } from '../../../src/optimized/columns.ts';
import { type Bits, rowsOf } from '../../../src/optimized/listing/bits.ts';
import { judge, predicates, version } from '../../../src/optimized/listing/match.ts';
import { openReader } from '../../../src/optimized/listing/reader.ts';
import type { Sample } from '../../../src/optimized/listing/sample.ts';
import { survey } from '../../../src/optimized/listing/survey.ts';
import { understand } from '../../../src/optimized/search/meaning.ts';
import type { ProfileName } from '../../../src/seed/profiles/index.ts';
import { runner } from '../../../src/server/database.ts';
import { seededOnly } from '../../cluster.ts';
import { customers, useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';

setDefaultTimeout(120_000);

// More rows than the sample reads, so that it is not the whole table.
const total = 9_000;
const guess = (found: boolean) => found;

/** The rows of a sample in the form of the cache. */
function versionsOf({ rows, words, having }: Sample) {
  const ofRow = rows.map((): string[] => []);
  for (const word of words) for (const row of having(word)) ofRow[row]!.push(word);
  return rows.map((values, row) => version(values, ofRow[row]!));
}

const members = (bits: Bits, rows: number) => {
  const having = new Set(rowsOf(bits));
  return Array.from({ length: rows }, (_, row) => Number(having.has(row)));
};

describe.each(['default', 'diverse', 'unfriendly'] as ProfileName[])(
  'for customers of the profile %s',
  (data) => {
    const room = useRoom(async () =>
      openOptimized({ on: await seededOnly('optimized', total, data), cache: 'off' }),
    );

    test('a sample estimates how many rows match any combination of conditions', async () => {
      const reader = await openReader(room().sql, listing, render);
      await reader.ready;
      reader.close();
      const sample = reader.sample();
      expect(sample.total).toBe(total);
      expect(sample.rows.length).toBeLessThan(total / 2);
      const versions = versionsOf(sample);
      const vocabulary = await readVocabulary('http://customers.test', 200, ({ url }) => room().ask(url));
      const wrong: object[] = [];
      let compared = 0;
      let [asked, judgedEach] = [0, 0];
      for (const { path, status } of requests(5, vocabulary)) {
        if (status !== 200 || path.includes('page=') || path.includes('cursor=')) continue;
        if (++asked > 250) break;
        const request = await understand(
          runner(room().sql),
          readList(`http://a${path}`, { cursors: true, count: 'none' }),
        );
        if (Object.keys(request.filters).length === 0 && !request.search) continue;
        // The sample judges each distinct value once, the cache judges each row. Both must give the same result.
        if (++judgedEach < 60) {
          const each = [...predicates(listing, request, guess)];
          const seen = survey(sample, listing, request);
          for (const [parameter, predicate] of each)
            expect([parameter, ...members(seen.matches([parameter]).rows, versions.length)]).toEqual([
              parameter,
              ...versions.map((row) => Number(judge(predicate, row))),
            ]);
        }
        // For conditions that PostgreSQL may judge differently there is a guess, and no estimate.
        const judged = [...predicates(listing, request, () => null).values()];
        if (versions.some((row) => judged.some((predicate) => judge(predicate, row) === null))) continue;
        const { count: matching } = survey(sample, listing, request).matches();
        const estimate = (matching * total) / sample.rows.length;
        const parameters = path.slice(customers.length + 1).replace(/&?count=\w+/, '');
        const { count } = await room().list(`${parameters}&count=exact`);
        compared += 1;
        // Five standard deviations of a random sample of this size, and 0.1 % of the rows for what no sample shows.
        const share = count! / total;
        const spread = 5 * total * Math.sqrt((share * (1 - share)) / sample.rows.length) + total / 1_000;
        if (Math.abs(estimate - count!) > spread) wrong.push({ path, count, estimate });
      }
      expect(compared).toBeGreaterThan(60);
      expect(wrong).toEqual([]);
    });
  },
);
