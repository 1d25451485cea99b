import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { join } from 'node:path';
import { scripts } from '../../package.json';

setDefaultTimeout(30_000);

const root = join(import.meta.dir, '../..');

/** Runs a script of package.json as its launcher would. */
function run(name: string, ...args: string[]) {
  const [, file] = /run\.mjs (\S+\.ts)/.exec((scripts as Record<string, string>)[name] ?? '') ?? [];
  if (!file) throw new Error(`package.json has no script "${name}" that is a program`);
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, file, ...args], { cwd: root });
  return { exitCode, out: stdout.toString(), said: stderr.toString().trim() };
}

// The README's table: `| `bench -- shapes` | what it does | `--customers N` (3_000_000), … |`, without the servers' settings.
const readme = await Bun.file(`${root}/README.md`).text();
const documented = [...readme.matchAll(/^\| `([a-z-]+)(?: -- ([a-z]+))?` \|[^|]*\|(.*)\|$/gm)].map(
  ([, name = '', suite, options = '']) => ({
    command: suite ? [name, suite] : [name],
    options: [...options.matchAll(/`?(--[a-z]+)/g)].map(([, option]) => option!),
  }),
);
// `test` is bun's own command; quick.test.ts covers what this project adds.
const programs = documented.filter(({ command: [name], options }) => name !== 'test' && options.length > 0);

describe('every command of the README', () => {
  test('is found with its options', () => expect(programs.length).toBeGreaterThan(14));

  test.each(programs.map(({ command, options }) => [command.join(' '), command, options] as const))(
    '%s has help on its options, and says in one line what it cannot use',
    (_, [name, ...suite], options) => {
      const help = run(name!, ...suite, '--help');
      expect([help.exitCode, help.said]).toEqual([0, '']);
      for (const option of options) expect(help.out).toContain(option);
      const { exitCode, said } = run(name!, ...suite, '--colour');
      expect(exitCode).toBe(1);
      expect(said).toMatch(/^[^\n]*--colour[^\n]*--help[^\n]*$/);
    },
  );
});

test.each([
  ['ladder', ['--rounds', '0'], '--rounds 0 cannot be used: it takes a whole number of 1 or more.'],
  ['capacity', ['--mix', 'none'], '--mix none cannot be used: it takes all or lists.'],
  [
    'sweep',
    ['--customers', '10,many'],
    '--customers many cannot be used: it takes a whole number of 1 or more.',
  ],
  [
    'bench',
    ['shapes', '--users', '1.5'],
    '--users 1.5 cannot be used: it takes a whole number of 1 or more.',
  ],
  [
    'differential',
    ['--naive', 'http://127.0.0.1:1'],
    'Name both servers, --naive URL and --optimized URL, or none.',
  ],
  [
    'bench',
    ['nothing'],
    expect.stringMatching(/^There is no benchmark "nothing"\. Benchmarks: first-page, /),
  ],
])('%s %p is refused', (name, args, said) => {
  expect(run(name, ...args)).toMatchObject({ exitCode: 1, out: '', said });
});
