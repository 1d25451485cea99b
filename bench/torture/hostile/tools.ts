import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, run } from '../../../src/services/command.ts';
import { say } from '../../../src/services/fault.ts';
import { withLock } from '../../../src/services/lock.ts';
import { openDataDir } from '../../../src/services/place.ts';

const requirements = join(import.meta.dir, 'requirements.txt');

/**
 * The folder of the programs of a Python environment with Schemathesis and sqlmap. It is made once below `.data/bin`, by pip
 * from PyPI, of the very files whose SHA-256 requirements.txt has. `missing` says on one line why there is none.
 */
export async function attackTools(): Promise<{ bin: string } | { missing: string }> {
  const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(openDataDir(), 'bin', `attack-tools-${version}`);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const whole = join(folder, 'whole'); // written last: an environment cannot be moved to its place
  return withLock(openDataDir(), async () => {
    if (existsSync(whole)) return { bin };
    const python = findOnPath('python3') ?? findOnPath('python');
    if (!python) return { missing: 'Python, whose pip fetches Schemathesis and sqlmap, is not on the PATH' };
    say('Fetching Schemathesis and sqlmap with pip (once, half a minute) ...');
    rmSync(folder, { recursive: true, force: true });
    const options =
      '--quiet --no-input --disable-pip-version-check --only-binary=:all: --require-hashes'.split(' ');
    const steps: [program: string, ...args: string[]][] = [
      [python, '-m', 'venv', folder],
      [join(bin, 'python'), '-m', 'pip', 'install', ...options, '--requirement', requirements],
    ];
    for (const [program, ...args] of steps) {
      const { code, output } = await run(program, args);
      if (code !== 0)
        return { missing: `Schemathesis and sqlmap cannot be fetched: ${output.split('\n').at(-1)}` };
    }
    writeFileSync(whole, '');
    return { bin };
  });
}
