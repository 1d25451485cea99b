import { isAlive } from '../../src/services/command.ts';
import type { RunningServer } from '../servers.ts';

/** ms until a process is gone; null if it still runs after `seconds`. */
export async function untilGone({ pid }: RunningServer, seconds: number): Promise<number | null> {
  const began = performance.now();
  while (isAlive(pid)) {
    if (performance.now() - began > seconds * 1000) return null;
    await Bun.sleep(10);
  }
  return performance.now() - began;
}
