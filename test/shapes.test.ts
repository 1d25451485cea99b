import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latencyRound } from '../bench/rounds.ts';
import type { Check } from '../bench/shapes/checks/check.ts';
import type { MeasuredShape } from '../bench/shapes/measured.ts';
import type { Explained } from '../bench/shapes/slowest.ts';
import type { Swept } from '../bench/sweep/print.ts';
import { checksum } from '../src/seed/index.ts';
import { type Copy, environmentOf, seeded, seededOnly, within } from './cluster.ts';

// The measuring itself, small: a few hundred customers, few requests, real processes.

let copies: Record<'naive' | 'optimized', Copy>;
let folder: string;

beforeAll(async () => {
  [copies, folder] = await Promise.all([seeded(600), mkdtemp(join(tmpdir(), 'shapes-'))]);
}, 60_000);
afterAll(async () => {
  await Promise.all([copies?.naive.drop(), copies?.optimized.drop(), rm(folder, { recursive: true })]);
}, 30_000);

interface Figures {
  shapes: MeasuredShape[];
  checks: Check[];
  slowest: Explained[];
}

const shapes = (...args: string[]) =>
  run<Figures>('bench/main.ts', 'shapes', '--database', copies.optimized.db, ...args);

/** Runs a command as a user would, and reads the figures it wrote. */
async function run<Written>(...args: string[]) {
  const file = join(folder, 'figures.json');
  const child = Bun.spawn([process.execPath, ...args, '--json', file], {
    ...{ cwd: join(import.meta.dir, '..'), stdout: 'pipe', stderr: 'pipe' },
    env: { ...process.env, ...environmentOf(copies.optimized) },
  });
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  if (!(await Bun.file(file).exists())) throw new Error(`exit code ${code}: ${out}${err}`);
  return { code, out, figures: (await Bun.file(file).json()) as Written };
}

describe('bench shapes', () => {
  test('measures what it is asked to, and explains the slowest', async () => {
    const { code, out, figures } = await shapes(
      '--only',
      'city',
      '--requests',
      '12',
      '--users',
      '3',
      '--plans',
      '1',
    );
    const { shapes: measured, slowest } = figures;
    const groups = new Set(measured.map(({ name }) => name.split(':')[0]!));
    expect([...groups]).toEqual(
      expect.arrayContaining(['sort', 'filter', 'filter, other sort', 'hard', 'deep']),
    );
    for (const { name, latency, failed } of measured) {
      expect({ name, failed, count: latency?.count }).toEqual({ name, failed: [], count: 12 });
      expect(out).toContain(name.slice(0, 60));
    }
    expect(slowest[0]!.ms).toBe(Math.max(...measured.map(({ latency }) => latency!.max)));
    expect(slowest[0]!.plans[0]!.lines.at(-1)).toMatch(/^Execution Time: [\d.]+ ms$/);
    expect(code).toBe(measured.every(({ holds }) => holds) ? 0 : 1);
  }, 120_000);

  test('creates customers on both servers, and leaves no trace of them', async () => {
    const sums = () =>
      Promise.all([copies.naive, copies.optimized].map(({ name }) => within(name, checksum)));
    const before = await sums();
    const { checks } = (await shapes('--only', 'writes', '--load', '1')).figures;
    const { optimized, naive } = checks[0]!.figures as Record<string, { rate: number; failures: unknown[] }>;
    expect([optimized!.failures, naive!.failures]).toEqual([[], []]);
    expect(Math.min(optimized!.rate, naive!.rate)).toBeGreaterThan(0);
    expect(await sums()).toEqual(before);
  }, 120_000);
});

describe('a latency', () => {
  test('is cut off where PostgreSQL gives the statement up, and goes on with the next', async () => {
    const copy = await seededOnly('naive', 6_000);
    const { services, db } = copy;
    const environment = environmentOf(copy, { LOG_LEVEL: 'silent' });
    // To search takes some 150 ms, to find nobody six.
    const shapes = [
      { shape: 'search', paths: ['/api/v1/customers?search=Anthony'] },
      { shape: 'nobody', paths: ['/api/v1/customers?customer_id=zzzz&count=none'] },
    ];
    const job = { shapes, cases: [], budget: 1, cutoff: 50 };
    const turn = { contestant: 'naive', round: 1 } as const;
    const rounds = await latencyRound(
      turn,
      { services, db, customers: 6_000, data: 'default' as const, environment },
      job,
      () => {},
    );
    await copy.drop();
    expect(rounds.map(({ name, cutOff = 0 }) => [name, cutOff > 0])).toEqual([
      ['search', true],
      ['nobody', false],
    ]);
    expect(rounds[0]!.latency.p50).toBeGreaterThanOrEqual(50);
    expect([rounds[0]!.queries, rounds[1]!.queries]).toEqual([null, 1]);
  }, 60_000);
});

describe('sweep', () => {
  test('measures both servers in every size', async () => {
    const asked = ['--customers', '400,200', '--only', 'sort: points', '--requests', '8', '--rounds', '2'];
    const { out, figures } = await run<{ shapes: Swept[] }>('bench/sweep/main.ts', ...asked);
    expect(figures.shapes.map(({ name }) => name)).toEqual([
      ...['sort: points, ascending', 'sort: points, descending'],
    ]);
    for (const { optimized, naive, growth } of figures.shapes) {
      expect([optimized, naive].map((points) => points.map(({ customers }) => customers))).toEqual([
        ...[
          [200, 400],
          [200, 400],
        ],
      ]);
      expect(growth.times).toBe(optimized[1]!.p95! / optimized[0]!.p95!);
    }
    expect(out).toMatch(/of 2 shapes hold/);
  }, 120_000);
});
