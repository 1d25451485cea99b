import type { Floor } from '../client/floor.ts';
import { short, table } from '../table.ts';
import type { Check } from './checks/check.ts';
import { describeGoal } from './goals.ts';
import type { MeasuredShape } from './measured.ts';
import type { Plan } from './plans.ts';

const width = 66;
const columns = ['p50', 'p95', 'p99', 'max', 'req/s', 'failed'];

export const head = (): string =>
  `${'ms'.padEnd(width)}${columns.map((name) => name.padStart(8)).join('')}  holds`;

/** One shape as one line. */
export function shapeLine({ name, latency, rate, failures, goal, holds, missed }: MeasuredShape): string {
  const { p50, p95, p99, max } = latency ?? { p50: NaN, p95: NaN, p99: NaN, max: NaN };
  const figures = [...[p50, p95, p99, max].map(cell), short(rate), `${failures}`];
  const judged = holds ? `ok, ${describeGoal(goal)}` : `NO: ${missed.join(', ')}`;
  return `${name.slice(0, width - 1).padEnd(width)}${figures.map((text) => text.padStart(8)).join('')}  ${judged}`;
}

/** A row of the issue's table that is not a shape. */
export function checkLine({ name, goal, found, holds }: Check): string {
  const judged = holds === null ? 'not measured' : holds ? 'ok' : 'NO';
  return `\n${name}\n  ${judged}: ${found} (goal ${goal})`;
}

const cell = (value: number) => (Number.isNaN(value) ? '-' : short(value));

export const floorLine = ({ latency, rate, clientMicros }: Floor, users: number): string =>
  `Floor of the client, ${users} users on a bare server: p50 ${short(latency.p50)}, p99 ${short(latency.p99)} ms, ` +
  `${short(rate)} requests/s; the client takes ${short(clientMicros)} µs of processor time per request.`;

/** The shapes that do not hold their goals, the slowest first. */
export const missing = <Shape extends Pick<MeasuredShape, 'holds' | 'latency'>>(shapes: Shape[]): Shape[] =>
  shapes
    .filter(({ holds }) => !holds)
    .toSorted((a, b) => (b.latency?.p99 ?? Infinity) - (a.latency?.p99 ?? Infinity));

/** How many shapes hold, and those that do not. */
export function summary(shapes: MeasuredShape[]): string {
  const missed = missing(shapes);
  const line = `${shapes.length - missed.length} of ${shapes.length} shapes hold their goal.`;
  if (missed.length === 0) return line;
  const rows = missed.map(({ name, missed: why }) => [name, why.join(', ')]);
  const failed = missed.flatMap(({ failed }) => failed.map(({ why, path }) => `${why}: ${path}`));
  return [`${line}\n`, table([['does not hold', 'figures'], ...rows]), ...failed].join('\n');
}

export function planText(path: string, ms: number, plans: Plan[]): string {
  const parts = plans.map(
    ({ title, parameters, lines }) =>
      `  ${title}, parameters ${brief(parameters)}\n${lines.map((text) => `    ${text}`).join('\n')}`,
  );
  return `${short(ms)} ms  ${path}\n${parts.join('\n')}`;
}

/** A list of tags may have hundreds of entries; the file of figures has them all. */
function brief(parameters: unknown[]): string {
  const all = JSON.stringify(parameters);
  return all.length > 160 ? `${all.slice(0, 160)}…` : all;
}
