import { describe, expect, test } from 'bun:test';
import { alternatives, answering } from '../../src/optimized/guesses.ts';
import { fewExpected, shareExpected } from './room.ts';

const asked = (text: string) => ({ kind: 'query', text }) as const;

describe('a search with operators', () => {
  test.each([
    ['anna or john', [['anna'], ['john']]],
    ['"john anna" OR -x', [['john', 'anna'], []]],
    ['anna -"john miller" berta', [['anna', 'berta']]],
    ['anna - x', [['anna']]],
    ['-x', [[]]],
    ['ore or', [['ore']]],
    ['or ore or or anna', [['ore'], ['anna']]],
    ['"anna', [['anna']]],
  ])('for %p asks for these words', (text, words) => {
    expect(alternatives(asked(text))).toEqual(words);
  });

  test('is believed to find nearly everybody where one alternative only forbids', () => {
    const statistics = shareExpected(0.01, 1_000_000, ['anna']);
    expect(answering(statistics, asked('"anna anna" or -x'))).toBeGreaterThan(0.8);
    expect(answering(statistics, asked('anna -x'))).toBeCloseTo(0.01, 4);
    expect(answering(fewExpected, asked('anna or john'))).toBeLessThan(0.001);
  });
});
