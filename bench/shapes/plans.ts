import type { Parameter, Sql } from '../../src/server/database.ts';
import { literal } from '../ladder/explain.ts';
import type { Asked } from './optimized.ts';

/** One statement of a request as PostgreSQL executes it. */
export interface Plan {
  /** The access path, and how the statement was planned. */
  title: string;
  statement: string;
  parameters: Parameter[];
  lines: string[];
}

/**
 * The plans, with `analyze` and `buffers`, of the statements that the server sends for a list request, in order until one
 * fills the page. Empty without statements. `sql` has to be a single connection with the server's settings. With `contrast`
 * each plan is followed by the plan made for these values.
 */
export async function plansOf(
  sql: Sql,
  statements: readonly Asked[],
  { contrast = false } = {},
): Promise<Plan[]> {
  const plans: Plan[] = [];
  for (const { title, text, parameters, final, enough } of statements) {
    const about = { statement: text, parameters };
    const own = await explainPrepared(sql, text, parameters);
    plans.push({ title: `${title}, as the server plans it`, ...about, lines: own });
    if (contrast) {
      const other = await explain(sql, text, parameters);
      plans.push({ title: `${title}, planned for these values`, ...about, lines: other });
    }
    if (final || (await rowsOf(sql, text, parameters)) >= enough) break;
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
  // Each name is used once: a canceled statement stays prepared.
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

async function rowsOf(sql: Sql, text: string, parameters: Parameter[]): Promise<number> {
  const [row] = await sql.unsafe<{ rows: number }[]>(text, parameters as never[]);
  return row?.rows ?? 0;
}
