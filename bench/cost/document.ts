import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { short } from '../table.ts';

// The figures in docs/scaling.md of a run of `npm run bench -- cost`.

export interface Cost {
  kind: string;
  /** access paths with their share of the answers */
  paths: string;
  requests: number;
  /** µs of processor time a request: of the server, and of all PostgreSQL processes */
  server: number;
  postgres: number;
}

/** A run as stored in its file. */
export interface CostRun extends About {
  customers: number;
  costs: Cost[];
  /** bytes of a customer on disk, and of WAL for a create */
  bytes: number;
  logged: number;
}

export const head = ['µs of processor time per request', 'access paths', 'server', 'PostgreSQL', 'sum'];

export const row = ({ kind, paths, server, postgres }: Cost): string[] => [
  ...[kind, paths, short(server), short(postgres), short(server + postgres)],
];

/** Puts the table of a run between the marks of the document. Throws if it has none. */
export function fillCost(document: string, { customers, costs, bytes, logged, ...about }: CostRun): string {
  const text = `${short(customers)} customers, no cache, ${measuredAt(about)}:

${table([head, ...costs.map(row)])}

A customer takes **${short(bytes)} bytes** on disk. A create writes **${short(logged)} bytes** of WAL.`;
  return fillMarked('docs/scaling.md', document, 'cost', `\n${text}\n`);
}
