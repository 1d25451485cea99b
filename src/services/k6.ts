import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, run } from './command.ts';
import { say } from './fault.ts';
import { openDataDir } from './place.ts';

const source = 'go.k6.io/k6@v1.8.1';

/** k6 from the PATH, else the one in `.data/bin`, which is built once if Go is installed. */
export async function findK6(dataDir?: string): Promise<{ path: string } | { missing: string }> {
  const installed = findOnPath('k6');
  if (installed) return { path: installed };
  const bin = join(openDataDir(dataDir), 'bin');
  const built = join(bin, process.platform === 'win32' ? 'k6.exe' : 'k6');
  if (existsSync(built)) return { path: built };
  const go = findOnPath('go');
  if (!go)
    return {
      missing: 'k6 is not installed: see grafana.com/docs/k6, or install Go (go.dev) to have it built.',
    };
  say(`Building ${source} with Go (once, a minute or two) ...`);
  const { code, output } = await run(go, ['install', source], null, '', { GOBIN: bin });
  if (code === 0 && existsSync(built)) return { path: built };
  return {
    missing: `k6 cannot be built (${output.split('\n').at(-1)}): install it, see grafana.com/docs/k6.`,
  };
}
