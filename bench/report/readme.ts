import { latencyFigures, loadFigures, names, overall, ratio } from './figures.ts';
import type { Contestant, Results } from './results.ts';
import { moment, percent, time, times } from './words.ts';

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

${table([['one request at a time, median', 'naive', 'optimized, no cache', 'faster', 'cached', 'faster'], ...shapes])}

${loads.length > 0 ? table([['load with k6', 'answers/s', 'p50', 'p95', 'failed', 'cut off'], ...loads]) : results.missing.join('\n')}

Every round is in [\`results.json\`](${folder}/results.json). This part of the page is written by
\`npm run report -- --readme\`.
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
