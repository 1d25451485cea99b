import type { Check, Outcome } from './check.ts';

export interface Result extends Outcome {
  check: Pick<Check<never, string>, 'group' | 'name'>;
  seconds: number;
}

/** Runs one check after the other. An error that a check throws is its failure. */
export async function runChecks<On extends { clear(): Promise<void> }>(
  checks: readonly Check<On, string>[],
  ground: On,
  onResult: (result: Result) => void = () => {},
): Promise<Result[]> {
  const results: Result[] = [];
  for (const check of checks) {
    const began = performance.now();
    const outcome = await check
      .run(ground)
      .catch((error: Error): Outcome => ({ counts: {}, failures: [error.message] }));
    await ground.clear();
    const result = { ...outcome, check, seconds: (performance.now() - began) / 1000 };
    results.push(result);
    onResult(result);
  }
  return results;
}

/** `ok     overload  ten times the capacity: answered 9120, shed 80122 (12 s)`, and a line for each failure. */
export function told({ check, counts, failures, skipped, seconds }: Result): string {
  const verdict = skipped ? 'skip' : failures.length > 0 ? 'FAILED' : 'ok';
  const figures = Object.entries(counts).map(([name, value]) => `${name} ${value}`);
  const line = `${verdict.padEnd(6)} ${check.group.padEnd(8)} ${check.name}: ${skipped ?? figures.join(', ')} (${seconds.toFixed(1)} s)`;
  return [line, ...failures.map((failure) => `         ${failure}`)].join('\n');
}
