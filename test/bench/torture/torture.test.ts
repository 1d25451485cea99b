import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Check } from '../../../bench/torture/check.ts';
import { checks } from '../../../bench/torture/checks.ts';
import { type Ground, openGround } from '../../../bench/torture/ground.ts';
import { runChecks, told } from '../../../bench/torture/run.ts';

setDefaultTimeout(180_000);

// A short form of `npm run torture`. It leaves out the checks that measure throughput and latency, because the machine may do
// other work at the same time. It also leaves out the checks of the naive server, which is built on the same parts, and sqlmap,
// which takes a minute; tools.test.ts shows that sqlmap finds an injection.
const leftOut = /capacity|starve|^naive|sqlmap/;

describe('torture', () => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await openGround({ customers: 2_000, quick: true, seed: 1 });
  }, 120_000);
  afterAll(() => ground?.close(), 60_000);

  const names = checks.filter(({ name }) => !leftOut.test(name)).map((check) => [check.name, check] as const);
  test.each(names)('%s', async (_, check) => {
    const [result] = await runChecks([check], ground);
    console.log(told(result!));
    expect(result!.failures).toEqual([]);
  });

  test('reports failures, also of a check that throws', async () => {
    const failing: Check = {
      group: 'stop',
      name: 'one that throws',
      run: () => Promise.reject(new Error('it cannot be run')),
    };
    const [result] = await runChecks([failing], ground);
    expect(told(result!)).toMatch(/^FAILED stop .*one that throws.*\n +it cannot be run$/);
  });
});
