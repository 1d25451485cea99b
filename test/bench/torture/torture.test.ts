import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Check } from '../../../bench/torture/check.ts';
import { checks } from '../../../bench/torture/checks.ts';
import { type Ground, openGround } from '../../../bench/torture/ground.ts';
import { runChecks, told } from '../../../bench/torture/run.ts';

setDefaultTimeout(180_000);

// The short form of what `npm run torture` does. Left out is what measures: how much is answered, and how fast, is another
// matter on a machine that does something else at the same time. So are the naive server's, which stand on the same parts,
// and sqlmap, which takes a minute: tools.test.ts shows that it finds something where there is something.
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

  test('says what failed, also of a check that throws', async () => {
    const failing: Check = {
      group: 'stop',
      name: 'one that throws',
      run: () => Promise.reject(new Error('it cannot be run')),
    };
    const [result] = await runChecks([failing], ground);
    expect(told(result!)).toMatch(/^FAILED stop .*one that throws.*\n +it cannot be run$/);
  });
});
