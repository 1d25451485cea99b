import { expect, test } from 'bun:test';
import { failover } from '../bench/cluster/failover.ts';

// It takes two minutes, so it is not part of `npm test`. Run it with: npm test -- ./test/failover.whole.ts

test('the loss of a leader loses no acknowledged write, and the servers find the next leader', async () => {
  const results = await failover(console.log);
  if ('missing' in results) return void console.error(`The failover is skipped: ${results.missing}`);
  for (const { acknowledged, lost, unforeseen, stale, back, limit } of results) {
    expect({ lost, unforeseen, stale }).toEqual({ lost: 0, unforeseen: 0, stale: 0 });
    expect(acknowledged).toBeGreaterThan(100);
    expect(back).toBeLessThan(limit);
  }
}, 300_000);
