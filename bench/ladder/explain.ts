import type { Parameter, Sql } from '../../src/server/database.ts';
import type { Work } from './result.ts';

/** A plan node, with the fields that are read here. */
export interface PlanNode {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Actual Total Time': number;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  'Rows Removed by Join Filter'?: number;
  'Sort Space Used'?: number;
  'Sort Space Type'?: string;
  'Peak Memory Usage'?: number;
  'Maximum Storage'?: number;
  Storage?: string;
  'Disk Usage'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: PlanNode[];
}

export interface Explained {
  Plan: PlanNode;
  'Execution Time': number;
}

export interface Executed {
  text: string;
  parameters: Parameter[];
}

// After this many custom plans PostgreSQL considers a generic plan.
const firstPlans = 5;

/**
 * PostgreSQL's total work for these statements. Each is executed once more: if `prepared`, with the plan that a prepared
 * statement settles on, else with a custom plan.
 */
export async function explain(sql: Sql, executed: Executed[], prepared = true): Promise<Work> {
  const plans: Explained[] = [];
  for (const { text, parameters } of executed) {
    await sql.unsafe(`prepare rung as ${text}`).simple();
    const values = parameters.length > 0 ? `(${parameters.map(literal).join(', ')})` : '';
    for (let plan = 0; prepared && plan < firstPlans; plan++)
      await sql.unsafe(`explain execute rung${values}`).simple();
    const [row] = await sql
      .unsafe<{ 'QUERY PLAN': string }[]>(`explain (analyze, buffers, format json) execute rung${values}`)
      .simple();
    await sql.unsafe('deallocate rung').simple();
    plans.push(JSON.parse(row!['QUERY PLAN'])[0] as Explained);
  }
  const sum = (of: (plan: PlanNode) => number) => plans.reduce((total, { Plan }) => total + of(Plan), 0);
  const nodes = plans.flatMap(({ Plan }) => nodesOf(Plan));
  return {
    statements: executed.length,
    rowsRead: Math.round(nodes.reduce((total, node) => total + rowsRead(node), 0)),
    blocks: sum((plan) => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)),
    memoryBytes: nodes.reduce((total, node) => total + memory(node), 0) * 1024,
    spilled: nodes.some(
      (node) =>
        node['Sort Space Type'] === 'Disk' || (node['Disk Usage'] ?? 0) > 0 || node.Storage === 'Disk',
    ),
    plan: plans.toSorted((a, b) => b['Execution Time'] - a['Execution Time'])[0],
  };
}

export const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

// A bitmap index scan has no relation name: the heap scan above it reads its rows.
function rowsRead(node: PlanNode): number {
  if (!node['Relation Name']) return 0;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return (node['Actual Rows'] + removed) * node['Actual Loops'];
}

/** Kilobytes. */
const memory = (node: PlanNode) =>
  (node['Sort Space Type'] === 'Memory' ? node['Sort Space Used']! : 0) +
  (node['Peak Memory Usage'] ?? 0) +
  (node.Storage === 'Memory' ? node['Maximum Storage']! : 0);

/** A parameter as an SQL literal. */
export function literal(value: Parameter): string {
  if (value === null) return 'null';
  const text = Array.isArray(value)
    ? `{${value.map((item) => `"${item.replace(/["\\]/g, '\\$&')}"`).join(',')}}`
    : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}
