import { readList } from '../../src/contract/list.ts';
import { customers, render } from '../../src/optimized/columns.ts';
import { listName, windowOf } from '../../src/optimized/listing/pages.ts';
import { plan } from '../../src/optimized/listing/read.ts';
import { openReader } from '../../src/optimized/listing/reader.ts';
import type { Parameter, Sql } from '../../src/server/database.ts';

/** One statement of a request as PostgreSQL carries it out. */
export interface Plan {
  /** Which way to the page it is, and who planned it. */
  title: string;
  statement: string;
  parameters: Parameter[];
  lines: string[];
}

/**
 * The plans, with `analyze` and `buffers`, of the very statements that the server asks for a list request, one after
 * the other until one fills the page; none where it asks none. Of each there are two: the server's, on a connection
 * with its settings, and for contrast the one that is made for these values. `sql` must have a single connection.
 */
export async function plansOf(sql: Sql, path: string): Promise<Plan[]> {
  const request = readList(`http://list${path}`, { cursors: true, count: 'none' });
  const window = windowOf(customers, listName(customers, request), request);
  const plans: Plan[] = [];
  const reader = await openReader(sql, customers, render);
  await reader.ready;
  reader.close();
  for (const { text, parameters, final, path: shape } of plan(reader, request, window)) {
    const about = { statement: text, parameters };
    const own = await explainPrepared(sql, text, parameters);
    plans.push({ title: `${shape}, as the server plans it`, ...about, lines: own });
    const other = await explain(sql, text, parameters);
    plans.push({ title: `${shape}, planned for these values`, ...about, lines: other });
    if (final || (await rowsOf(sql, text, parameters)) >= window.rows) break;
  }
  return plans;
}

type Explained = { 'QUERY PLAN': string };
const lines = (rows: Explained[]) => rows.map((row) => row['QUERY PLAN']);

async function explain(sql: Sql, text: string, parameters: Parameter[]): Promise<string[]> {
  return orMessage(async () =>
    lines(await sql.unsafe<Explained[]>(`explain (analyze, buffers) ${text}`, parameters as never[])),
  );
}

let prepared = 0;

async function explainPrepared(sql: Sql, text: string, parameters: Parameter[]): Promise<string[]> {
  // A name of its own each time: where the statement is given up, it stays prepared.
  const name = `explained_${++prepared}`;
  const values = parameters.length > 0 ? `(${parameters.map(literal).join(', ')})` : '';
  return orMessage(async () => {
    await sql.unsafe(`prepare ${name} as ${text}`).simple();
    return lines(await sql.unsafe<Explained[]>(`explain (analyze, buffers) execute ${name}${values}`));
  });
}

/** A statement that takes too long is a finding, not the end of the run. */
async function orMessage(work: () => Promise<string[]>): Promise<string[]> {
  try {
    return await work();
  } catch (error) {
    return [`no plan: ${(error as Error).message}`];
  }
}

function literal(value: Parameter): string {
  if (value === null) return 'null';
  const text = Array.isArray(value)
    ? `{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
    : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}

async function rowsOf(sql: Sql, text: string, parameters: Parameter[]): Promise<number> {
  const [row] = await sql.unsafe<{ rows: number }[]>(text, parameters as never[]);
  return row?.rows ?? 0;
}
