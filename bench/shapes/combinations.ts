import { call } from '../client/wire.ts';
import { requests } from '../requests.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { anything } from './goals.ts';
import { type MeasuredShape, measureCalls } from './measured.ts';

export const combinationsName = 'any combination: as the differential generator makes them';

/**
 * The differential generator's requests, each once: whatever it may ask has to be bounded. Those that ask for an exact
 * count are apart, since to count takes what there is to count.
 */
export async function* measureCombinations(
  base: string,
  vocabulary: Vocabulary,
  { count, seed, users }: { count: number; seed: number; users: number },
): AsyncGenerator<MeasuredShape> {
  const source = requests(seed, vocabulary);
  const generated = Array.from({ length: count }, () => source.next().value);
  const counted = Map.groupBy(generated, ({ path }) => /[?&]count=exact/.test(path));
  for (const isCounted of [false, true]) {
    const calls = (counted.get(isCounted) ?? []).map(({ path, status }) => call(path, { status }));
    const name = `${combinationsName}${isCounted ? ', counted' : ''}`;
    const shape = { name, kind: 'filter', goal: anything } as const;
    if (calls.length > 0) yield await measureCalls(base, shape, calls, { users, requests: calls.length });
  }
}
