import { existsSync, readdirSync } from 'node:fs';
import { profileNames } from '../../src/seed/profiles/names.ts';
import { sameSince } from '../machine.ts';
import { endedEarly, type Results, readResults } from '../report/results.ts';

/** A part of publishing. It is done where its figures are of the code that is here, and complete. */
export interface Stage {
  name: string;
  what: string;
  /** A command of this project, or a function. */
  work: string[] | (() => Promise<void>);
  /** The commit at which it was last finished; null where it never was. Undefined: it is quick, and always done anew. */
  finishedAt?: () => Promise<string | null>;
}

/** Every run of `compare` that the README shows: its folder in bench/results, and its options. Add runs here. */
const runs: { folder: string; options: string[] }[] = [
  { folder: 'compare-100000', options: ['--customers', '100_000'] },
  { folder: 'compare-300000', options: ['--customers', '300_000', '--quick'] },
  { folder: 'compare-300000-diverse', options: ['--customers', '300_000', '--data', 'diverse', '--quick'] },
  { folder: 'compare-3000000', options: ['--customers', '3_000_000', '--quick'] },
];

/** Every run of `bench -- shapes` that docs/limits.md shows, by data profile. */
const shapes = profileNames.map((data) => ({
  name: data === 'default' ? 'limits' : `limits-${data}`,
  options: data === 'default' ? [] : ['--data', data],
  file: `bench/results/shapes-${data === 'default' ? '' : `${data}-`}3000000.json`,
}));
const pages = 'bench/results/pages.json';

export const stages: Stage[] = [
  ...runs.map(({ folder, options }) => ({
    name: folder,
    what: `npm run compare -- ${options.join(' ')}`,
    work: ['bench/compare/main.ts', ...options, '--into', folder],
    finishedAt: () => ofResults(`bench/results/${folder}`),
  })),
  ...shapes.map(({ name, options, file }) => ({
    name,
    what: ['npm run bench -- shapes', ...options].join(' '),
    work: ['bench/main.ts', 'shapes', ...options, '--json', file],
    finishedAt: () => ofFile(file),
  })),
  {
    name: 'pages',
    what: 'npm run bench -- pages --customers 30_000',
    work: ['bench/main.ts', 'pages', '--customers', '30_000', '--json', pages],
    finishedAt: () => ofFile(pages),
  },
  {
    name: 'lab',
    what: 'a picture of the lab, by Chromium',
    // What is loaded for it is no burden of the other stages.
    work: async () => (await import('./screenshot.ts')).takeScreenshot(100_000),
    finishedAt: ofScreenshot,
  },
  { name: 'docs', what: 'README.md, docs/*.md and docs/*.svg from all of these', work: writeDocuments },
];

interface Measured {
  commit: Results['commit'];
}

const commitOf = ({ commit }: Measured) => (commit && !commit.changed ? commit.id : null);

async function ofResults(folder: string): Promise<string | null> {
  const results = await readResults(folder).catch(() => null);
  return results?.missing.some((line) => line.startsWith(endedEarly)) === false ? commitOf(results) : null;
}

async function ofFile(file: string): Promise<string | null> {
  const run = (await Bun.file(file)
    .json()
    .catch(() => null)) as Measured | null;
  return run && commitOf(run);
}

/** The README names it below the picture. */
async function ofScreenshot(): Promise<string | null> {
  const readme = await Bun.file('README.md').text();
  return /<!-- lab -->[^<]*commit ([0-9a-f]+)/.exec(readme)?.[1] ?? null;
}

/** Whether a stage need not be done again: nothing that is measured has changed since. */
export async function isDone({ finishedAt }: Stage): Promise<boolean> {
  const commit = (await finishedAt?.()) ?? null;
  return commit !== null && sameSince(commit);
}

/** What is stored is shown, with the commit it is of. */
async function writeDocuments(): Promise<void> {
  const { writeLimits, writePages, writeReadme } = await import('../report/documents.ts');
  const has = (name: string) => readdirSync('bench/results').includes(name);
  const folders = runs.filter(({ folder }) => has(folder)).map(({ folder }) => `bench/results/${folder}`);
  const stored = folders.map(async (folder) => ({ folder, results: await readResults(folder) }));
  if (stored.length > 0) await writeReadme(await Promise.all(stored));
  const limits = shapes.map(({ file }) => file).filter((file) => existsSync(file));
  if (limits.length > 0) await writeLimits(limits);
  if (await Bun.file(pages).exists()) await writePages(pages);
}
