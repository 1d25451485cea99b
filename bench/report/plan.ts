import { nodesOf, type PlanNode } from '../ladder/explain.ts';
import { type Html, html } from './html.ts';
import { percent, plain, time } from './words.ts';

/** A plan as a tree of lines, for print and a first look. The slowest node is marked. */
export function planTree(plan: PlanNode): Html {
  const all = nodesOf(plan).reduce((sum, node) => sum + ownTime(node), 0);
  const costly = nodesOf(plan).toSorted((a, b) => ownTime(b) - ownTime(a))[0]!;
  const line = (node: PlanNode): Html => html`<li>${
    node === costly
      ? html`<mark>${words(node)}</mark> <b>${percent(all > 0 ? ownTime(node) / all : 1)} of the time</b>`
      : words(node)
  }<small> ${rows(node)}, ${time(ownTime(node))}</small>
${node.Plans ? html`<ul>${node.Plans.map(line)}</ul>` : null}</li>`;
  return html`<ul class="plan">${line(plan)}</ul>`;
}

/** Milliseconds in the node itself, without its children. */
function ownTime(node: PlanNode): number {
  const whole = (one: PlanNode) => one['Actual Total Time'] * one['Actual Loops'];
  return Math.max(0, whole(node) - (node.Plans ?? []).reduce((sum, child) => sum + whole(child), 0));
}

function words(node: PlanNode): string {
  const index = node['Index Name'] ? ` using ${node['Index Name']}` : '';
  const table = node['Relation Name'] ? ` on ${node['Relation Name']}` : '';
  return `${node['Node Type']}${table}${index}`;
}

function rows(node: PlanNode): string {
  const removed = (node['Rows Removed by Filter'] ?? 0) * node['Actual Loops'];
  const found = `${plain(Math.round(node['Actual Rows'] * node['Actual Loops']))} rows`;
  return removed > 0 ? `${found}, ${plain(Math.round(removed))} removed by filter` : found;
}
