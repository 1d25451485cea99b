import { faster, p50 as median, price } from '../ladder/figures.ts';
import { capacityFigures, latencyFigures, loadFigures, names, overall, ratio } from './figures.ts';
import { pictures } from './pictures.ts';
import type { Contestant, Results } from './results.ts';
import { megabytes, moment, percent, plain, time, times } from './words.ts';

// The README's table, so that no figure in it is written by hand.

const row = (cells: string[]) => `| ${cells.join(' | ')} |`;
const table = ([head, ...rows]: string[][]) =>
  [row(head!), row(head!.map((_, column) => (column === 0 ? '---' : '---:'))), ...rows.map(row)].join('\n');

/** The results as Markdown; `folder` is where they are stored. */
export function readmeResults(results: Results, folder: string): string {
  const shapes = results.shapes.map(({ name }) => {
    const figures = latencyFigures(results, 'shape', name);
    const p50 = (who: Contestant) => {
      const figure = figures.find(({ contestant }) => contestant === who);
      return figure ? time(figure.p50) : '';
    };
    const faster = (who: Contestant) => {
      const value = ratio(figures, who);
      return value === null ? '' : times(value);
    };
    return [name, p50('naive'), p50('optimized'), faster('optimized'), p50('cached'), faster('cached')];
  });
  const loads = (['mixed', 'seed'] as const).flatMap((scenario) =>
    loadFigures(results, scenario).map(({ contestant, users, rate, p50, p95, failed, cutOff }) => [
      ...[`${scenario}, ${users} users, ${names[contestant]}`, `${Math.round(rate)}`, time(p50), time(p95)],
      ...[percent(failed), `${cutOff}`],
    ]),
  );
  const { machine, equality, settings, commit } = results;
  const mean = overall(results, 'optimized');
  return `
${Number(settings.customers).toLocaleString('en-US').replaceAll(',', ' ')} customers, ${machine.cores} cores (${machine.cpu}),
${moment(results.started)}${commit ? `, commit ${commit.id.slice(0, 8)}` : ''}; everything on one machine. Before that ${equality.requests} generated requests
(${equality.pages} pages) had the same answers: ${equality.differences.length} differences. Over all shapes the optimized server without its cache is
${mean === null ? '–' : times(mean)} as fast (geometric mean).

${picture(results, 'latency')}

${table([['one request at a time, median', 'naive', 'optimized, no cache', 'faster', 'cached', 'faster'], ...shapes])}

${capacities(results)}${loads.length > 0 ? table([['load with k6', 'answers/s', 'p50', 'p95', 'failed', 'cut off'], ...loads]) : results.missing.join('\n')}
${rungs(results)}
Every round is in [\`results.json\`](${folder}/results.json). This part of the page is written by
\`npm run report -- --readme\`.
`;
}

function picture(results: Results, name: string): string {
  const found = pictures(results)[name];
  return found ? `![${found.alt}](docs/${name}.svg)` : '';
}

function capacities(results: Results): string {
  const rows = (['all', 'lists'] as const).flatMap((mix) =>
    capacityFigures(results, mix).map(({ contestant, capacity, rounds }) => [
      `${mix === 'all' ? 'every kind of request' : 'without searches'}, ${names[contestant]}`,
      capacity === 0 ? 'none' : plain(capacity),
      rounds.map((round) => plain(round.capacity)).join(', '),
    ]),
  );
  if (rows.length === 0) return '';
  const { limit } = results.capacity[0]!;
  return `${table([[`requests a second, 99 of 100 within ${time(limit)}`, 'capacity', 'rounds'], ...rows])}

${picture(results, 'capacity')}

`;
}

function rungs(results: Results): string {
  if (results.ladder.length === 0) return '';
  const rows = results.ladder.map((rung) => {
    const best = rung.cases.toSorted((a, b) => faster(b) - faster(a))[0]!;
    const { diskBytes, writes } = price(rung);
    return [
      `[${rung.title}](bench/ladder/${rung.name}), ${best.name}`,
      ...[time(median(best.asked.before)), time(median(best.asked.after)), times(faster(best))],
      ...[diskBytes === null ? '' : `+${megabytes(diskBytes)}`, writes === null ? '' : times(writes)],
    ];
  });
  return `
${table([['one optimization alone, where it buys most', 'before', 'after', 'faster', 'disk', 'a write takes'], ...rows])}

${picture(results, 'ladder')}
`;
}

/** Puts the results between the marks of the README. Throws where it has no marks. */
export function fillReadme(readme: string, results: Results, folder: string): string {
  const marks = /(<!-- results -->)[\s\S]*(<!-- \/results -->)/;
  if (!marks.test(readme)) throw new Error('README.md has no place marked for results.');
  return readme.replace(
    marks,
    (_, begin: string, end: string) => `${begin}${readmeResults(results, folder)}${end}`,
  );
}
