import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import type { Findings } from '../../../bench/chaos/findings.ts';
import { createHistory, type State } from '../../../bench/chaos/history.ts';
import { type OwnRedis, startOwnRedis } from '../../../bench/chaos/redis.ts';
import { type Part, run } from '../../../bench/chaos/run.ts';
import { connect, type Sql } from '../../../src/server/database.ts';
import { type Copy, environmentOf, seededOnly } from '../../cluster.ts';
import { hasRedis } from '../../redis.ts';

setDefaultTimeout(300_000);

describe('a history', () => {
  const [empty, one, two] = [[], ['Ada'], ['Ada', 'Bob']].map(
    (names): State => new Map(names.map((name) => [name, name])),
  ) as [State, State, State];
  const shows = (state: State) => (other: State) => other === state;
  const at = performance.now;

  test('judges whether a shown state is fresh, late, stale or impossible', async () => {
    const history = createHistory(empty);
    const judged = (server: string, state: State, sent = at(), answered = at()) =>
      history.judge({ server, sent, answered, shows: shows(state) }).kind;
    const before = at();
    const write = history.begin(one);
    expect([judged('a', empty), judged('a', one), judged('b', one)]).toEqual(['fresh', 'fresh', 'fresh']);
    expect(judged('a', one, before, before)).toBe('impossible');
    write.acked('a');
    await Bun.sleep(2);
    expect([judged('a', empty), judged('b', empty), judged('a', one)]).toEqual(['stale', 'late', 'fresh']);
    expect(judged('a', empty, before)).toBe('fresh');
    expect(judged('a', two)).toBe('impossible');
    history.begin(two).failed();
    expect(judged('a', two)).toBe('impossible');
    history.begin(two).acked('b');
    await Bun.sleep(2);
    expect([judged('a', one), judged('b', one), judged('a', empty)]).toEqual(['late', 'stale', 'stale']);
  });
});

describe.if(hasRedis)('two servers under faults', () => {
  let copy: Copy;
  let redis: OwnRedis;
  let sql: Sql;
  beforeAll(async () => {
    [copy, redis] = await Promise.all([seededOnly('optimized', 2000), startOwnRedis('chaos')]);
    sql = connect(copy.services.postgres, copy.name, { pool: 8 });
  }, 120_000);
  afterAll(async () => {
    await redis?.stop();
    await sql?.end({ timeout: 1 });
    await copy?.drop();
  }, 60_000);

  const suffer = async (
    only: Part[],
    minutes: number,
    fault = '',
    enough?: (findings: Findings) => boolean,
  ) => {
    await redis.restart(); // in case the previous test was cut short
    const environment = environmentOf(copy, { REDIS_URL: redis.url, POSTGRES_POOL: '8', FAULT: fault });
    const program = fault ? 'test/optimized/cache/faulty.ts' : undefined;
    return run({ environment, sql, redis, program }, { minutes, only, enough });
  };

  test('keep their promises', async () => {
    const findings = await suffer(['read', 'watch', 'crowd', 'faults', 'absent'], 0.4);
    console.log(findings.report());
    // Their speed is not judged, because the machine may do other work at the same time.
    for (const promise of [1, 3, 4, 6] as const) expect(findings.of(promise).violations).toBe(0);
    const examples = [...findings.of(2).examples, ...findings.of(8).examples];
    expect(examples.filter((example) => !/p99|more per request|not normal|not used/.test(example))).toEqual(
      [],
    );
    for (const promise of [1, 2, 3, 4, 6] as const)
      expect(findings.of(promise).operations).toBeGreaterThan(100);
    expect(findings.of(8).faults).toBeGreaterThan(5);
  });

  test.each([
    ['skips a change', ['read'], [1, 2, 4]],
    ['stores after a write', ['read'], [1, 2, 4]],
    ['ignores the silence', ['faults'], [2, 4]],
  ] as const)('are caught if one of them %s', async (fault, parts, promises) => {
    const found = (findings: Findings) => promises.some((promise) => findings.of(promise).violations > 0);
    const findings = await suffer([...parts], 3, fault, found);
    console.log(findings.report());
    expect(found(findings)).toBeTrue();
  });
});
