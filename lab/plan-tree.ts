import type { Explanation, PlanNode, StatementPlan } from './messages.ts';

/** What auto_explain reports of one statement, plus `ms`. */
export interface Logged {
  ms: number;
  'Query Text': string;
  Plan: Explained;
}

/** A node as `explain (format json)` writes it; its fields depend on its type. */
interface Explained {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'CTE Name'?: string;
  'Subplan Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Actual Total Time': number;
  'Workers Launched'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Explained[];
  [field: string]: unknown;
}

const pageBytes = 8192;

/** The statements of one response, grouped by text, the most expensive first. */
export function summarize(logged: Logged[]): Explanation {
  const byText = new Map<string, StatementPlan>();
  let bytes = 0;
  for (const { ms, 'Query Text': text, Plan: plan } of logged) {
    bytes += ((plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)) * pageBytes;
    const known = byText.get(text);
    if (known) {
      known.times += 1;
      known.ms += ms;
      known.rowsRead += rowsRead(plan);
    } else {
      const tree = nodeOf(plan, plan['Actual Total Time'] || 1, 1, new Map());
      byText.set(text, { title: titleOf(text), text, times: 1, ms, rowsRead: rowsRead(plan), plan: tree });
    }
  }
  const statements = [...byText.values()].sort((a, b) => b.ms - a.ms);
  return { rowsRead: statements.reduce((sum, each) => sum + each.rowsRead, 0), bytes, statements };
}

/** A statement's first comment begins with its purpose. */
function titleOf(text: string): string {
  const comment = /^\s*--\s*(.+?)[.:]\s/s.exec(text)?.[1];
  return comment?.replace(/\s*\n--\s*/g, ' ').trim() ?? text.trim().split('\n')[0]!.split(' from ')[0]!;
}

/** Rows read from tables; the figures of a plan are means of the loops. */
function rowsRead(node: Explained): number {
  const below = (node.Plans ?? []).reduce((sum, plan) => sum + rowsRead(plan), 0);
  if (node['Relation Name'] === undefined) return below;
  const removed = Object.entries(node).filter(([name]) =>
    /^Rows Removed by (Filter|Index Recheck)$/.test(name),
  );
  const each = removed.reduce((sum, [, rows]) => sum + (rows as number), node['Actual Rows']);
  return Math.round(each * node['Actual Loops']) + below;
}

const shown = /Cond$|Filter$|^Sort Key$|^Sort Method$|^Rows Removed by|^Workers Launched$|^Heap Fetches$/;

/**
 * `total`: time of the whole statement. `processes` share the loops of a node. `ctes`: time of each CTE until a node
 * scans it, because PostgreSQL shows it in both places.
 */
function nodeOf(node: Explained, total: number, processes: number, ctes: Map<string, number>): PlanNode {
  const below = processes * (1 + (node['Workers Launched'] ?? 0));
  const time = ({ 'Actual Total Time': each, 'Actual Loops': loops }: Explained, by: number) =>
    (each * loops) / by;
  const plans = node.Plans ?? [];
  let own = time(node, processes);
  for (const plan of plans) {
    const [, cte] = /^CTE (.*)/.exec(plan['Subplan Name'] ?? '') ?? [];
    if (cte) ctes.set(cte, time(plan, below));
    else own -= time(plan, below);
  }
  const scanned = node['CTE Name'];
  if (scanned) {
    own -= ctes.get(scanned) ?? 0;
    ctes.delete(scanned);
  }
  const details = Object.entries(node).filter(([name, value]) => shown.test(name) && value !== 0);
  return {
    name: nameOf(node),
    details: details.map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : value}`),
    rows: Math.round(node['Actual Rows'] * node['Actual Loops']),
    loops: node['Actual Loops'],
    share: Math.min(1, Math.max(0, own / total)),
    children: plans.map((plan) => nodeOf(plan, total, below, ctes)),
  };
}

function nameOf(node: Explained): string {
  const { 'Index Name': index, 'Relation Name': relation, 'CTE Name': cte, 'Subplan Name': part } = node;
  const words = [node['Parallel Aware'] ? 'Parallel' : '', node['Node Type']];
  if (index) words.push(`using ${index}`);
  if (relation ?? cte) words.push(`on ${relation ?? cte}`);
  if (part) words.push(`(${part})`);
  return words.filter(Boolean).join(' ');
}
