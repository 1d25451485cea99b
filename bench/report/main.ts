import { readdir } from 'node:fs/promises';
import { command, Stop } from '../command.ts';
import { buildReport } from './build.ts';
import { fillReadme } from './readme.ts';
import { readResults } from './results.ts';

const usage = `Builds report.html anew from the results.json in a folder.

  npm run report [-- DIR --readme]

DIR is a folder of bench/results; without it the newest is taken.

  --readme   puts the figures into README.md, too
  --help`;

async function main(values: { readme?: boolean }, [folder = '']: string[]): Promise<number> {
  const chosen = folder || (await newest());
  const file = `${chosen}/report.html`;
  const results = await readResults(chosen);
  await Bun.write(file, buildReport(results));
  console.log(file);
  if (!values.readme) return 0;
  await Bun.write('README.md', fillReadme(await Bun.file('README.md').text(), results, chosen));
  console.log('README.md');
  return 0;
}

async function newest(): Promise<string> {
  const names = await readdir('bench/results').catch(() => []);
  const last = names
    .filter((name) => /^\d{4}-\d\d-\d\dT\d\d-\d\d$/.test(name))
    .sort()
    .at(-1);
  if (!last) throw new Stop('There are no results yet: "npm run compare" makes some.');
  return `bench/results/${last}`;
}

if (import.meta.main) await command(usage, { readme: { type: 'boolean' } }, main, { takesNames: true });
