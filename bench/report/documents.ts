import { Stop } from '../../src/cli/command.ts';
import { fillPages, type PagesRun } from '../pages/document.ts';
import { fillLimits, type ShapesRun } from '../shapes/document.ts';
import { fillReadme, readmePictures, type Stored } from './readme.ts';

// Writes stored figures into the documents that show them, and says which.

/** README.md and its pictures, of runs in any order. */
export async function writeReadme(runs: Stored[]): Promise<void> {
  const sorted = runs.toSorted((a, b) => customersOf(a) - customersOf(b));
  for (const [name, { svg }] of Object.entries(readmePictures(sorted))) await write(`docs/${name}.svg`, svg);
  await fill('README.md', (text) => fillReadme(text, sorted));
}

const customersOf = ({ results }: Stored) => Number(results.settings.customers);

/** docs/limits.md, from files of `bench -- shapes`. Throws Stop where one is none. */
export async function writeLimits(files: string[]): Promise<void> {
  const runs = await Promise.all(files.map((file) => read<ShapesRun>(file, 'shapes', ['shapes', 'checks'])));
  await fill('docs/limits.md', (text) => fillLimits(text, runs));
}

/** docs/page-path.md, from the file of `bench -- pages`. Throws Stop where it is none. */
export async function writePages(file: string): Promise<void> {
  const run = await read<PagesRun>(file, 'pages', ['turns', 'ratios']);
  await fill('docs/page-path.md', (text) => fillPages(text, run));
}

async function read<Run extends object>(file: string, suite: string, fields: (keyof Run)[]): Promise<Run> {
  const run: Run = await Bun.file(file)
    .json()
    .catch((error) => {
      throw new Stop(`${file} cannot be read as figures: ${error.message}`);
    });
  if (fields.some((field) => !run[field]))
    throw new Stop(`${file} has no ${String(fields[0])}: "npm run bench -- ${suite}" writes such files.`);
  return run;
}

const fill = async (file: string, filled: (text: string) => string) =>
  write(file, filled(await Bun.file(file).text()));

async function write(file: string, text: string): Promise<void> {
  await Bun.write(file, text);
  console.log(file);
}
