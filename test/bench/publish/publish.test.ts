import { afterAll, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Tests publishing, and the check of the age of figures, in a separate git repository.

setDefaultTimeout(60_000);

const project = join(import.meta.dir, '../../..');
const folders: string[] = [];
let repository: string;

beforeEach(() => {
  repository = made();
  write('README.md', '<!-- lab --><!-- /lab -->');
  write('src/naive/list.sql', 'select 1');
  git('init', '--quiet');
  save('begin');
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function made(): string {
  const folder = mkdtempSync(join(tmpdir(), 'publish-'));
  folders.push(folder);
  return folder;
}

function run(folder: string, ...command: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync(command, { cwd: folder });
  return { exitCode, out: stdout.toString().trim(), said: stderr.toString().trim() };
}

function git(...args: string[]): string {
  const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  const { exitCode, out, said } = run(repository, 'git', ...who, ...args);
  if (exitCode !== 0) throw new Error(said);
  return out;
}

function write(path: string, text: string): void {
  mkdirSync(join(repository, path, '..'), { recursive: true });
  writeFileSync(join(repository, path), text);
}

const save = (subject: string): string => {
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', subject);
  return git('rev-parse', 'HEAD');
};

const store = (id: string, more = {}) => {
  const commit = { id, changed: false };
  const results = { version: 2, missing: [], equality: {}, commit, ...more };
  write('bench/results/compare-100000/results.json', JSON.stringify(results));
};

describe('publish-results', () => {
  const publish = (...options: string[]) =>
    run(repository, process.execPath, `${project}/bench/publish/main.ts`, ...options);
  const state = () => /^compare-100000 +(.*):/m.exec(publish('--list').out)?.[1];

  test('treats a stage as finished if only its own output has changed since its commit', () => {
    expect(state()).toBe('to do');
    store(git('rev-parse', 'HEAD'));
    expect(state()).toBe('finished');
    write('docs/limits.md', 'figures');
    save('Publish');
    expect(state()).toBe('finished');
    write('src/naive/list.sql', 'select 2');
    expect(state()).toBe('finished');
    save('Change what is measured');
    expect(state()).toBe('to do');
  });

  test('does not treat a stage as finished if it ended early or was measured with changes', () => {
    const id = git('rev-parse', 'HEAD');
    store(id, { missing: ['This run ended early, without load.'] });
    expect(state()).toBe('to do');
    store(id, { commit: { id, changed: true } });
    expect(state()).toBe('to do');
  });

  test('refuses uncommitted changes, except its own output, in one line', () => {
    store(git('rev-parse', 'HEAD'));
    write('docs/limits.md', 'figures');
    const finished = publish('--only', 'compare-100000');
    expect([finished.exitCode, finished.said]).toEqual([0, expect.stringContaining('already finished')]);
    write('src/naive/list.sql', 'select 2');
    write('new.ts', '');
    const refused = publish('--only', 'compare-100000');
    expect([refused.exitCode, refused.said]).toEqual([
      ...[1, 'Commit your changes first: src/naive/list.sql and 1 more. Figures need a commit.'],
    ]);
    expect(publish('--skip', 'nothing').said).toMatch(
      /^There is no stage "nothing"\. Stages: compare-100000,/,
    );
  });

  test('needs a git checkout', () => {
    rmSync(join(repository, '.git'), { recursive: true });
    expect(publish('--only', 'docs')).toMatchObject({
      exitCode: 1,
      said: /* one line */ expect.stringMatching(/^This is not a git checkout.*$/),
    });
  });
});

describe('the check of stored figures', () => {
  const checkIn = (folder: string, ...options: string[]) =>
    run(folder, process.execPath, `${project}/bench/publish/age.ts`, ...options);
  const check = (...options: string[]) => checkIn(repository, ...options);

  test('reports whether their statements have changed since', () => {
    const measured = git('rev-parse', 'HEAD');
    store(measured);
    write('src/report.ts', 'elsewhere');
    save('Publish');
    expect(check('--strict')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('up to date'),
    });
    write('src/sql/optimized/list.sql', 'select 1');
    save('Change a statement');
    expect(check().exitCode).toBe(0);
    const { exitCode, out } = check('--strict');
    expect([exitCode, out]).toEqual([
      1,
      expect.stringContaining(`1 file has changed since ${measured.slice(0, 8)}`),
    ]);
    expect(out).toStartWith('bench/results/compare-100000/results.json: OLDER');
  });

  test('ignores changes of comments, types and formatting, but of no other character', () => {
    write('src/naive/list.ts', 'export const list = (name: string) => `select 1`;');
    write('src/naive/list.sql', "select '--', 1 from customer");
    store(save('Measure'));
    const isOld = () => check('--strict').exitCode === 1;
    write('src/naive/list.ts', '// Why.\nexport const list = (name: unknown) =>\n  `select 1`;');
    write('src/naive/list.sql', "-- It's one.\nselect '--', 1\n  from customer -- all");
    expect(isOld()).toBe(false);
    write('src/naive/list.ts', 'export const list = (name: string) => `select 2`;');
    expect(isOld()).toBe(true);
    write('src/naive/list.ts', 'export const list = (name: string) => `select 1`;');
    expect(isOld()).toBe(false);
    write('src/naive/list.sql', "select '-- ', 1 from customer");
    expect(isOld()).toBe(true);
    rmSync(join(repository, 'src/naive/list.sql'));
    expect(isOld()).toBe(true);
  });

  test('reports that their age cannot be checked in a shallow clone or without the commit', () => {
    store(git('rev-parse', 'HEAD'));
    save('Publish');
    const clone = made();
    git('clone', '--quiet', '--depth', '1', `file://${repository}`, clone);
    const shallow = checkIn(clone, '--strict');
    expect([shallow.exitCode, shallow.out]).toEqual([
      2,
      expect.stringMatching(/cannot be checked: the clone is shallow/),
    ]);
    store('0'.repeat(40));
    expect(check().out).toContain('cannot be checked: the commit is not in this clone');
  });

  test('skips runs of the user', () => {
    write('bench/results/2026-11-22T17-05/results.json', '{}');
    expect(check().out).toBe('');
  });
});
