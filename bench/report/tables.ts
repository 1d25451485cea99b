import { type LatencyFigure, loadFigures, names, ratioText } from './figures.ts';
import type { Contestant, Results } from './results.ts';
import { bound, percent, time } from './words.ts';

// Rows of cells, the head first, for the README and for a terminal.

/** A row for each name among the figures. */
export function latencyTable(head: string, figures: LatencyFigure[]): string[][] {
  const rows = [...Map.groupBy(figures, ({ name }) => name)].map(([name, own]) => {
    const p50 = (who: Contestant) => {
      const figure = own.find(({ contestant }) => contestant === who);
      return figure ? bound(time(figure.p50), figure.cutOff) : '';
    };
    return [
      ...[name, p50('naive'), p50('optimized'), ratioText(own, 'optimized')],
      ...[p50('cached'), ratioText(own, 'cached')],
    ];
  });
  return [[head, 'naive', 'optimized, no cache', 'faster', 'cached', 'faster'], ...rows];
}

export function loadTable(results: Results, head: string): string[][] {
  const rows = loadFigures(results).map(({ contestant, users, rate, p50, p95, failed, cutOff }) => [
    ...[`seed, ${users} users, ${names[contestant]}`, `${Math.round(rate)}`, time(p50), time(p95)],
    ...[percent(failed), `${cutOff}`],
  ]);
  return [[head, 'answers/s', 'p50', 'p95', 'failed', 'cut off'], ...rows];
}
