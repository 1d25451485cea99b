import { describe, expect, test } from 'bun:test';
import { latencyRound } from '../../../bench/compare/rounds.ts';
import { environmentOf, seededOnly } from '../../cluster.ts';

describe('a latency', () => {
  test('is cut off if PostgreSQL cancels the statement, and the next shape is measured', async () => {
    const copy = await seededOnly('naive', 6_000);
    const { services, db } = copy;
    const environment = environmentOf(copy, { LOG_LEVEL: 'silent' });
    // The search takes some 150 ms, the list without a match 6 ms.
    const shapes = [
      { shape: 'search', paths: ['/api/v1/customers?search=Anthony'] },
      { shape: 'nobody', paths: ['/api/v1/customers?customer_id=zzzz&count=none'] },
    ];
    const job = { shapes, cases: [], budget: 1, cutoff: 50 };
    const turn = { contestant: 'naive', round: 1 } as const;
    const stage = { services, db, customers: 6_000, data: 'default', environment } as const;
    const rounds = await latencyRound(turn, stage, job, () => {});
    await copy.drop();
    expect(rounds.map(({ name, cutOff = 0 }) => [name, cutOff > 0])).toEqual([
      ['search', true],
      ['nobody', false],
    ]);
    expect(rounds[0]!.latency.p50).toBeGreaterThanOrEqual(50);
    expect([rounds[0]!.queries, rounds[1]!.queries]).toEqual([null, 1]);
  }, 60_000);
});
