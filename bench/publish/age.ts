import { existsSync } from 'node:fs';
import { command, run } from '../../src/cli/command.ts';
import { output } from '../machine.ts';
import { codeOf } from './code.ts';

// Reports for each stored result whether the code that it measures has changed since its commit.

/** Everything that determines the statements of a server, and how many run at once. */
const measured = ['src/optimized', 'src/naive', 'src/server', 'src/contract', 'src/sql', 'src/seed'];

/** The output of a git command; null if it fails. */
const git = (...args: string[]) => output(['git', ...args]);

/** Paths below `measured` whose code differs from that of `commit`. */
async function changedSince(commit: string): Promise<string[]> {
  const paths = git('diff', '--name-only', '--no-renames', commit, '--', ...measured)!.split('\n');
  const changed: string[] = [];
  for (const path of paths.filter((path) => path !== '')) {
    const before = git('show', `${commit}:${path}`);
    const after = existsSync(path) ? await Bun.file(path).text() : null;
    if (before === null || after === null || codeOf(path, before) !== codeOf(path, after)) changed.push(path);
  }
  return changed;
}

const results = ['bench/results/*/results.json', 'bench/results/*.json'].flatMap((pattern) =>
  [...new Bun.Glob(pattern).scanSync()].sort(),
);

const program = command(
  'figures',
  'Reports for each stored result whether the code that it measures has changed since. Comments and formatting do not count.',
)
  .name('.ci/figures')
  .option('--strict', 'exit code 1 if a result is outdated, 2 if that cannot be determined')
  .action(async ({ strict = false }) => {
    let code = 0;
    // Most results are of the same commit.
    const known = new Map<string, Promise<string[]>>();
    for (const file of results) {
      // A user's own run, which git ignores.
      if (file.startsWith('bench/results/20')) continue;
      const { commit } = (await Bun.file(file).json()) as { commit?: { id?: string } };
      const id = commit?.id ?? '';
      const short = id.slice(0, 8);
      if (id === '' || git('cat-file', '-e', `${id}^{commit}`) === null) {
        const shallow = git('rev-parse', '--is-shallow-repository') === 'true';
        const why = shallow ? 'the clone is shallow' : 'the commit is not in this clone';
        console.log(`${file}: commit ${short}; its age cannot be checked: ${why}.`);
        code ||= 2;
        continue;
      }
      const changed = await known.getOrInsertComputed(id, changedSince);
      if (changed.length > 0) {
        const files = changed.length === 1 ? '1 file has' : `${changed.length} files have`;
        console.log(
          `${file}: OLDER than the code that it measures: ${files} changed since ${short}; to measure again: npm run publish-results`,
        );
        code = 1;
      } else console.log(`${file}: up to date (commit ${short}).`);
    }
    if (strict) process.exitCode = code;
  });

await run(program);
