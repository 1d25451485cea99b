import { readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { command, run, Stop } from '../../src/cli/command.ts';
import { buildReport } from './build.ts';
import { writeLimits, writeReadme } from './documents.ts';
import type { Stored } from './readme.ts';
import { readResults } from './results.ts';

const program = command(
  'report',
  "Rebuilds a report from stored results. With two dates, the later one's report also compares it with the earlier one, and is written to against-DATE.html in the folder of the later one.",
)
  .argument('[DATE...]', 'one or two folders of bench/results, by name or path (default: the newest)')
  .option(
    '--readme',
    'also writes figures and pictures to README.md and docs: of one date, or of several with different numbers of customers side by side',
  )
  .option('--limits <FILE>', 'writes the figures of a file from "npm run bench -- shapes" to docs/limits.md')
  .action(async (dates, { readme, limits }) => {
    if (limits !== undefined) return writeLimits([limits]);
    if (dates.length > 2) throw new Stop('At most two dates can be compared: see --help.');
    const folders = dates.length > 0 ? await Promise.all(dates.map(folderOf)) : [await newest()];
    const stored = await Promise.all(
      folders.map(async (folder): Promise<Stored> => ({ folder, results: await readResults(folder) })),
    );
    if (readme) {
      for (const one of stored) await write(one);
      await writeReadme(stored);
    } else {
      const [latest, earlier] = stored.sort((a, b) => b.results.started.localeCompare(a.results.started));
      await write(latest!, earlier);
    }
  });

async function write({ folder, results }: Stored, earlier?: Stored): Promise<void> {
  const file = `${folder}/${earlier ? `against-${basename(earlier.folder)}` : 'report'}.html`;
  await Bun.write(file, buildReport(results, earlier?.results));
  console.log(file);
}

async function folderOf(date: string): Promise<string> {
  for (const folder of [`bench/results/${date}`, date.replace(/\/+$/, '')]) {
    if ((await stat(folder).catch(() => null))?.isDirectory()) return folder;
  }
  throw new Stop(
    `There are no results of ${date}; bench/results has ${(await dated()).join(', ') || 'none'}.`,
  );
}

async function newest(): Promise<string> {
  const last = (await dated()).at(-1);
  if (!last) throw new Stop('There are no results yet; "npm run compare" creates them.');
  return `bench/results/${last}`;
}

async function dated(): Promise<string[]> {
  const names = await readdir('bench/results').catch(() => []);
  return names.filter((name) => /^\d{4}-\d\d-\d\dT\d\d-\d\d$/.test(name)).sort();
}

if (import.meta.main) await run(program);
