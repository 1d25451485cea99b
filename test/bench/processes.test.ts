import { expect, test } from 'bun:test';
import { cpuSecondsOfFamily, usageOf } from '../../bench/processes.ts';

test('the processor time of a process and its children does not fall when a child ends', async () => {
  const script = '(for ((i = 0; i < 500000; i++)); do :; done); echo ended; read';
  const parent = Bun.spawn(['bash', '-c', script], { stdin: 'pipe', stdout: 'pipe' });
  for await (const _ of parent.stdout) break;
  // The loop ran in a child, which has ended; the parent only waits.
  expect(usageOf(parent.pid)!.cpuSeconds).toBeLessThan(0.1);
  expect(cpuSecondsOfFamily(parent.pid)).toBeGreaterThan(0.2);
  parent.kill();
  await parent.exited;
});
