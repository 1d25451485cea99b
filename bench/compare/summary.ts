import { latencyFigures } from '../report/figures.ts';
import type { Results } from '../report/results.ts';
import { latencyTable, loadTable } from '../report/tables.ts';
import { table } from '../table.ts';

/** The most important figures, as text for a terminal. */
export function summary(results: Results): string {
  const figures = [
    ...results.shapes.flatMap(({ name }) => latencyFigures(results, 'shape', name)),
    ...results.cases.flatMap(({ name }) => latencyFigures(results, 'case', name)),
  ];
  const parts = [latencyTable('medians, one request at a time', figures), loadTable(results, 'load')];
  return [...parts.filter((rows) => rows.length > 1).map(table), ...results.missing].join('\n\n');
}
