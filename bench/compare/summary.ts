import { latencyFigures, loadFigures, names, ratioText } from '../report/figures.ts';
import type { Contestant, LatencyRound, Results } from '../report/results.ts';
import { bound } from '../report/words.ts';
import { short, table } from '../table.ts';

/** The figures that matter most, as text for a terminal. */
export function summary(results: Results): string {
  const rows = [
    ...results.shapes.map(({ name }) => latencyRow(results, 'shape', name)),
    ...results.cases.map(({ name }) => latencyRow(results, 'case', name)),
  ];
  const head = ['one request at a time', 'naive', 'optimized', 'faster', 'cached', 'faster'];
  const parts = [`Medians in ms\n${table([head, ...rows])}`];
  for (const scenario of ['mixed', 'seed'] as const) {
    const loads = loadFigures(results, scenario).map(
      ({ contestant, rate, p50, p95, p99, failed, cutOff }) => [
        ...[names[contestant], short(rate), short(p50), short(p95), short(p99), percent(failed), `${cutOff}`],
      ],
    );
    const users = results.loads.find((load) => load.scenario === scenario)?.users;
    const loadHead = [
      ...[`${scenario} load, ${users} users`, 'answers/s', 'p50 ms', 'p95 ms', 'p99 ms', 'failed', 'cut off'],
    ];
    if (loads.length > 0) parts.push(table([loadHead, ...loads]));
  }
  return [...parts, ...results.missing].join('\n\n');
}

function latencyRow(results: Results, kind: LatencyRound['kind'], name: string): string[] {
  const figures = latencyFigures(results, kind, name);
  const cell = (who: Contestant) => {
    const figure = figures.find(({ contestant }) => contestant === who)!;
    return bound(short(figure.p50), figure.cutOff);
  };
  const faster = (who: Contestant) => ratioText(figures, who);
  return [name, cell('naive'), cell('optimized'), faster('optimized'), cell('cached'), faster('cached')];
}

const percent = (share: number) => `${(share * 100).toFixed(share > 0 && share < 0.01 ? 2 : 0)} %`;
