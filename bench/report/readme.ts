import { basename } from 'node:path';
import { faster, p50 as median, price } from '../ladder/figures.ts';
import { capacityFigures, latencyFigures, names, overallText } from './figures.ts';
import { growthFigures, growthOverall, sizesOf } from './growth.ts';
import { fillMarked, table } from './markdown.ts';
import { pictures } from './pictures.ts';
import type { Results } from './results.ts';
import { latencyTable, loadTable } from './tables.ts';
import { gain, megabytes, moment, plain, time, times } from './words.ts';

// The README's tables, so that none of their figures is written by hand.

/** A run, and the folder where it is stored. */
export interface Stored {
  folder: string;
  results: Results;
}

/** The results of runs as Markdown, the smallest table first. The other runs give only latencies, capacities and growth. */
export function readmeResults(runs: Stored[]): string {
  const [{ results }] = runs as [Stored, ...Stored[]];
  const parts = [
    ...runs.flatMap((run, index) => [
      setting(run),
      index === 0 && picture(results, 'latency'),
      latencies(run.results),
    ]),
    growth(runs.at(-1)!.results),
    capacities(runs.map((run) => run.results)),
    loads(results),
    rungs(results),
    ...runs.flatMap((run) => run.results.missing),
    `All rounds are in ${runs.map(file).join(', ')}.
\`npm run publish-results\` writes this section.`,
  ];
  return `\n${parts.filter(Boolean).join('\n\n')}\n`;
}

const file = ({ folder }: Stored) => `[\`${basename(folder)}/results.json\`](${folder}/results.json)`;

function setting({ results }: Stored): string {
  const { machine, equality, commit, started } = results;
  return `**${population(results)}**, ${machine.cores} cores (${machine.cpu}), everything on one machine,
${moment(started)}${commit ? `, commit ${commit.id.slice(0, 8)}` : ''}. Before the measurement, ${equality.requests} generated requests (${equality.pages} pages) got
equal answers: ${equality.differences.length} differences. Over all kinds of requests the optimized server without its cache is
**${overallText(results, 'optimized') ?? '–'}** as fast (geometric mean).`;
}

const population = ({ settings: { customers, data = 'default' } }: Results) =>
  `${plain(Number(customers))}${data === 'default' ? '' : ` ${data}`} customers`;

/** The pictures of the README by file name: those of the first run, and the growth from the run with the largest table. */
export const readmePictures = (runs: Stored[]) => {
  const { sweep } = pictures(runs.at(-1)!.results);
  return { ...pictures(runs[0]!.results), ...(sweep && { sweep }) };
};

function picture(results: Results, name: string): string {
  const found = pictures(results)[name];
  return found ? `![${found.alt}](docs/${name}.svg)` : '';
}

const latencies = (results: Results) =>
  table(
    latencyTable(
      `median of one request at a time, ${population(results)}`,
      results.shapes.flatMap(({ name }) => latencyFigures(results, 'shape', name)),
    ),
  );

function growth(results: Results): string {
  const figures = growthFigures(results);
  const [naive, optimized] = [growthOverall(figures, 'naive'), growthOverall(figures, 'optimized')];
  if (naive === null || optimized === null || results.sweep.length === 0) return '';
  return `From ${sizesOf(results).map(plain).join(' to ')} customers: with ten times as many, the naive server takes ${times(naive)} as long and the
optimized server ${times(optimized)} (geometric means of the fits to each kind of request).

${picture(results, 'sweep')}`;
}

function capacities(runs: Results[]): string {
  const rows = runs.flatMap((results) =>
    (['all', 'lists'] as const).flatMap((mix) =>
      capacityFigures(results, mix).map(({ contestant, capacity, rounds }) => [
        `${population(results)}, ${mix === 'all' ? 'every kind of request' : 'without searches'}, ${names[contestant]}`,
        capacity === 0 ? 'none' : plain(capacity),
        rounds.map((round) => plain(round.capacity)).join(', '),
      ]),
    ),
  );
  const limit = runs.flatMap(({ capacity }) => capacity)[0]?.limit;
  if (limit === undefined) return '';
  const head = [`requests a second, 99 of 100 within ${time(limit)}`, 'capacity', 'rounds'];
  return [table([head, ...rows]), picture(runs[0]!, 'capacity')].filter(Boolean).join('\n\n');
}

function loads(results: Results): string {
  const rows = loadTable(results, 'load with k6');
  return rows.length > 1 ? table(rows) : '';
}

function rungs(results: Results): string {
  if (results.ladder.length === 0) return '';
  const rows = results.ladder.map((rung) => {
    const best = rung.cases.toSorted((a, b) => faster(b) - faster(a))[0]!;
    const { diskBytes, writes } = price(rung);
    return [
      `[${rung.title}](bench/ladder/${rung.name}), ${best.name}`,
      ...[time(median(best.asked.before)), time(median(best.asked.after)), gain(faster(best))],
      ...[diskBytes === null ? '' : `+${megabytes(diskBytes)}`, writes === null ? '' : times(writes)],
    ];
  });
  const head = ['one optimization alone, at its largest gain', 'before', 'after', 'faster'];
  return [table([[...head, 'disk', 'write time'], ...rows]), picture(results, 'ladder')].join('\n\n');
}

/** Puts the results between the marks of the README. Throws if it has no marks. */
export const fillReadme = (readme: string, runs: Stored[]): string =>
  fillMarked('README.md', readme, 'results', readmeResults(runs));
