import { call } from '../client/wire.ts';
import { requests } from '../requests.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { anything } from './goals.ts';
import { type MeasuredShape, measureCalls } from './measured.ts';

export const combinationsName = 'any combination: as the differential generator makes them';

/** The differential generator's requests, each once: whatever it may ask has to be bounded. */
export function measureCombinations(
  base: string,
  vocabulary: Vocabulary,
  { count, seed, users }: { count: number; seed: number; users: number },
): Promise<MeasuredShape> {
  const source = requests(seed, vocabulary);
  const calls = Array.from({ length: count }, () => {
    const { path, status } = source.next().value;
    return call(path, { status });
  });
  const shape = { name: combinationsName, kind: 'filter', goal: anything } as const;
  return measureCalls(base, shape, calls, { users, requests: count });
}
