import { Stop } from '../../src/cli/command.ts';
import { type AblateRun, fillAblation } from '../ablate/document.ts';
import { type CostRun, fillCost } from '../cost/document.ts';
import { fillOrders, type OrdersRun } from '../orders/document.ts';
import { fillPages, type PagesRun } from '../pages/document.ts';
import { fillPartitions, type PartitionsRun } from '../partitions/document.ts';
import { fillLimits, type ShapesRun } from '../shapes/document.ts';
import { fillReadme, readmePictures, type Stored } from './readme.ts';

// Writes stored figures into the documents that show them, and prints their names.

/** README.md and its pictures, from runs in any order. */
export async function writeReadme(runs: Stored[]): Promise<void> {
  const sorted = runs.toSorted((a, b) => customersOf(a) - customersOf(b));
  for (const [name, { svg }] of Object.entries(readmePictures(sorted))) await write(`docs/${name}.svg`, svg);
  await fill('README.md', (text) => fillReadme(text, sorted));
}

const customersOf = ({ results }: Stored) => Number(results.settings.customers);

/** docs/limits.md, from files of `bench -- shapes`. Throws Stop if a file is none. */
export async function writeLimits(files: string[]): Promise<void> {
  const runs = await Promise.all(
    files.map((file) => read<ShapesRun>(file, 'bench -- shapes', ['shapes', 'checks'])),
  );
  await fill('docs/limits.md', (text) => fillLimits(text, runs));
}

/** ARCHITECTURE.md, from files of `ablate`. Throws Stop if a file is none. */
export async function writeAblation(files: string[]): Promise<void> {
  const runs = await Promise.all(files.map((file) => read<AblateRun>(file, 'ablate', ['mechanisms'])));
  await fill('ARCHITECTURE.md', (text) => fillAblation(text, runs));
}

/** Puts a run of a benchmark into the document that shows it. Throws Stop if the file is no such run. */
const benchmark =
  <Run extends object>(
    name: string,
    document: string,
    fields: (keyof Run)[],
    filled: (text: string, run: Run) => string,
  ) =>
  async (file: string): Promise<void> => {
    const run = await read<Run>(file, `bench -- ${name}`, fields);
    await fill(document, (text) => filled(text, run));
  };

/** The other benchmarks. One document shows one run of each. */
export const writeBenchmark = {
  pages: benchmark<PagesRun>('pages', 'docs/page-path.md', ['turns', 'ratios'], fillPages),
  orders: benchmark<OrdersRun>('orders', 'README.md', ['measured'], fillOrders),
  cost: benchmark<CostRun>('cost', 'docs/scaling.md', ['costs'], fillCost),
  partitions: benchmark<PartitionsRun>('partitions', 'docs/scaling.md', ['found'], fillPartitions),
};

async function read<Run extends object>(file: string, suite: string, fields: (keyof Run)[]): Promise<Run> {
  const run: Run = await Bun.file(file)
    .json()
    .catch((error) => {
      throw new Stop(`${file} is not a file of figures: ${error.message}`);
    });
  if (fields.some((field) => !run[field]))
    throw new Stop(`${file} has no ${String(fields[0])}: "npm run ${suite}" writes such files.`);
  return run;
}

const fill = async (file: string, filled: (text: string) => string) =>
  write(file, filled(await Bun.file(file).text()));

async function write(file: string, text: string): Promise<void> {
  await Bun.write(file, text);
  console.log(file);
}
