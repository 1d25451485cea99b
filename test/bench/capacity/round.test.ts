import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { availableParallelism } from 'node:os';
import { type CapacityRound, capacityRound, requestsOfMix } from '../../../bench/capacity/round.ts';
import { runK6, writeList } from '../../../bench/load/run.ts';
import { startServer } from '../../../bench/servers.ts';
import type { Stage } from '../../../bench/stage.ts';
import { readVocabulary, type Vocabulary } from '../../../bench/vocabulary.ts';
import { findK6 } from '../../../src/services/k6.ts';
import { environmentOf, seeded } from '../../cluster.ts';

setDefaultTimeout(120_000);

const k6 = await findK6();
if ('missing' in k6) console.error(`Capacity is not tested. ${k6.missing}`);

describe.if('path' in k6)('capacity', () => {
  let stage: Stage;
  let vocabulary: Vocabulary;
  let drop: () => Promise<unknown>;
  beforeAll(async () => {
    const copies = await seeded(500);
    const { services, db } = copies.naive;
    const environment = environmentOf(copies.naive, { LOG_LEVEL: 'warn' });
    stage = { services, db, customers: 500, data: 'default', environment };
    drop = () => Promise.all([copies.naive.drop(), copies.optimized.drop()]);
    const server = await startServer('optimized', stage.environment);
    vocabulary = await readVocabulary(server.base);
    await server.stop();
  });
  afterAll(() => drop?.());

  const measure = (limit: number): Promise<CapacityRound> => {
    const turn = { mix: 'lists', contestant: 'optimized', round: 1 } as const;
    const plan = { limit, seconds: 1, steps: 2, grace: 3, start: 20 };
    const path = 'path' in k6 ? k6.path : '';
    return capacityRound(stage, path, turn, requestsOfMix('lists', 1, vocabulary), plan, () => {});
  };

  test('is the rate that kept the promise, with due requests counted and all parts on the time axis', async () => {
    const { capacity, steps, samples } = await measure(20_000);
    expect(steps.map(({ rate, kept }) => [rate, kept])).toEqual([
      [20, true],
      [40, true],
    ]);
    expect(capacity).toBe(40);
    for (const { rate, due, inTime, failed, from, to } of steps) {
      expect(Math.abs(due - rate)).toBeLessThanOrEqual(2);
      expect({ inTime, failed }).toEqual({ inTime: due, failed: 0 });
      expect(to).toBeGreaterThan(from + 0.9);
    }
    if (process.platform !== 'linux') return;
    for (const { others } of samples) expect(others).toBeLessThanOrEqual(availableParallelism() * 1.5);
    for (const part of ['server', 'database', 'generator'] as const) {
      const seen = samples.flatMap((sample) => sample[part] ?? []);
      expect(Math.max(...seen.map(({ bytes }) => bytes))).toBeGreaterThan(2 ** 20);
      expect(Math.max(...seen.map(({ cores }) => cores))).toBeGreaterThan(0);
    }
  });

  test('is 0 if no answer is in time', async () => {
    const { capacity, steps } = await measure(0);
    expect(capacity).toBe(0);
    expect(steps.every(({ kept, inTime }) => !kept && inTime === 0)).toBe(true);
  });

  test('is also measured if no request is ever answered', async () => {
    await using mute = Bun.serve({ port: 0, idleTimeout: 0, fetch: () => new Promise<Response>(() => {}) });
    const list = await writeList(requestsOfMix('lists', 1, vocabulary).slice(0, 10));
    const path = 'path' in k6 ? k6.path : '';
    const settings = { BASE: mute.url.origin, LIST: list, RATE: '5', SECONDS: '1', GRACE: '1' };
    const { latency, cutOff, inTime } = await runK6(path, 'steady', settings);
    expect({ count: latency.count, inTime }).toEqual({ count: 0, inTime: 0 });
    expect(cutOff).toBeWithin(4, 7);
    await Bun.file(list).delete();
  });

  test('is measured for requests without searches, or for all requests', () => {
    const searches = (mix: 'all' | 'lists') =>
      requestsOfMix(mix, 1, vocabulary).filter(({ shape }) => shape.startsWith('search'));
    expect(searches('lists')).toEqual([]);
    expect(searches('all').length).toBeGreaterThan(1_000);
  });
});
