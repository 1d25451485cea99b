import { call } from '../client/wire.ts';
import { requests } from '../requests.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { anything } from './goals.ts';
import { type MeasuredShape, measureCalls } from './measured.ts';

export const combinationsName = 'any combination: as the differential generator makes them';

/**
 * The differential generator's requests, each once: the time of each possible request has to be bounded. Exact counts
 * are measured separately, since their time depends on how many rows they count.
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
