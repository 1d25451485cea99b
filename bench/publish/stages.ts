import { existsSync, readdirSync } from 'node:fs';
import { profileNames } from '../../src/seed/profiles/names.ts';
import { sameSince } from '../machine.ts';
import type * as Documents from '../report/documents.ts';
import { endedEarly, type Results, readResults } from '../report/results.ts';

/** A part of publishing. It is done if its figures are complete and of the present code. */
export interface Stage {
  name: string;
  what: string;
  /** A command of this project, or a function. */
  work: string[] | (() => Promise<void>);
  /** The commit at which it was last finished; null if never. Undefined for a quick stage that always runs again. */
  finishedAt?: () => Promise<string | null>;
}

/** Every run of `compare` that the README shows: its folder in bench/results, and its options. Add runs here. */
const runs: { folder: string; options: string[] }[] = [
  { folder: 'compare-100000', options: ['--customers', '100_000'] },
  { folder: 'compare-300000', options: ['--customers', '300_000', '--quick'] },
  { folder: 'compare-300000-diverse', options: ['--customers', '300_000', '--data', 'diverse', '--quick'] },
  { folder: 'compare-3000000', options: ['--customers', '3_000_000', '--quick'] },
];

/** Every run of `bench -- shapes` that docs/limits.md shows, by data profile; `random` is another table with each seed. */
const shapes = profileNames
  .filter((data) => data !== 'random')
  .map((data) => ({
    name: data === 'default' ? 'limits' : `limits-${data}`,
    options: data === 'default' ? [] : ['--data', data],
    file: `bench/results/shapes-${data === 'default' ? '' : `${data}-`}3000000.json`,
  }));
/** Every run of `ablate` that ARCHITECTURE.md shows. */
const ablations = ['default', 'diverse'].map((data) => ({
  name: data === 'default' ? 'ablate' : `ablate-${data}`,
  options: data === 'default' ? [] : ['--data', data],
  file: `bench/results/ablate${data === 'default' ? '' : `-${data}`}.json`,
}));

/** The other benchmarks. One document shows each. */
const benchmarks = [
  { name: 'pages', options: ['--customers', '30_000'] },
  ...[{ name: 'orders' }, { name: 'cost' }, { name: 'partitions' }],
].map(({ name, options = [] }: { name: string; options?: string[] }) => ({
  ...{ name: name as keyof typeof Documents.writeBenchmark, options },
  file: `bench/results/${name}.json`,
}));

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
  ...ablations.map(({ name, options, file }) => ({
    name,
    what: ['npm run ablate', ...(options.length > 0 ? ['--', ...options] : [])].join(' '),
    work: ['bench/ablate/main.ts', ...options, '--json', file],
    finishedAt: () => ofFile(file),
  })),
  ...benchmarks.map(({ name, options, file }) => ({
    name,
    what: [`npm run bench -- ${name}`, ...options].join(' '),
    work: ['bench/main.ts', name, ...options, '--json', file],
    finishedAt: () => ofFile(file),
  })),
  {
    name: 'lab',
    what: 'a picture of the lab, taken with Chromium',
    // Imported here, so that the other stages do not load it.
    work: async () => (await import('./screenshot.ts')).takeScreenshot(100_000),
    finishedAt: ofScreenshot,
  },
  {
    name: 'docs',
    what: 'writes README.md, ARCHITECTURE.md, docs/*.md and docs/*.svg from all of these',
    work: writeDocuments,
  },
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

/** The README names the commit below the picture. */
async function ofScreenshot(): Promise<string | null> {
  const readme = await Bun.file('README.md').text();
  return /<!-- lab -->[^<]*commit ([0-9a-f]+)/.exec(readme)?.[1] ?? null;
}

/** Whether a stage can be skipped: nothing that is measured has changed since. */
export async function isDone({ finishedAt }: Stage): Promise<boolean> {
  const commit = (await finishedAt?.()) ?? null;
  return commit !== null && sameSince(commit);
}

/** Writes the stored figures, with their commits, into the documents. */
async function writeDocuments(): Promise<void> {
  const { writeAblation, writeBenchmark, writeLimits, writeReadme } = await import('../report/documents.ts');
  const has = (name: string) => readdirSync('bench/results').includes(name);
  const folders = runs.filter(({ folder }) => has(folder)).map(({ folder }) => `bench/results/${folder}`);
  const stored = folders.map(async (folder) => ({ folder, results: await readResults(folder) }));
  if (stored.length > 0) await writeReadme(await Promise.all(stored));
  const files = (some: { file: string }[]) => some.map(({ file }) => file).filter((file) => existsSync(file));
  if (files(shapes).length > 0) await writeLimits(files(shapes));
  if (files(ablations).length > 0) await writeAblation(files(ablations));
  for (const { name, file } of benchmarks) if (existsSync(file)) await writeBenchmark[name](file);
}
