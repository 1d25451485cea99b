import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { short } from '../table.ts';

// What docs/scaling.md says of a run of `npm run bench -- cost`.

export interface Cost {
  kind: string;
  /** the access paths by how many answers took them */
  paths: string;
  requests: number;
  /** µs of processor time a request: of the server, and of all processes of PostgreSQL */
  server: number;
  postgres: number;
}

/** A run as its file has it. */
export interface CostRun extends About {
  customers: number;
  costs: Cost[];
  /** of a customer on the disk, and of a create in the log */
  bytes: number;
  logged: number;
}

export const head = ['µs of processor time a request', 'access paths', 'server', 'PostgreSQL', 'sum'];

export const row = ({ kind, paths, server, postgres }: Cost): string[] => [
  ...[kind, paths, short(server), short(postgres), short(server + postgres)],
];

/** Puts the table of a run between the marks of the document. Throws where it has none. */
export function fillCost(document: string, { customers, costs, bytes, logged, ...about }: CostRun): string {
  const text = `${short(customers)} customers, no cache, ${measuredAt(about)}:

${table([head, ...costs.map(row)])}

A customer takes **${short(bytes)} bytes** on the disk. A create writes **${short(logged)} bytes** of log.`;
  return fillMarked('docs/scaling.md', document, 'cost', `\n${text}\n`);
}
