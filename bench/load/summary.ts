// What both scenarios share, inside k6.
import { Counter } from 'k6/metrics';

/** Requests sent. Those that are cut off at the end are in no other figure, and they are the slowest. */
export const sent = new Counter('sent');

export const trendStats = ['min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'];

/** k6 keeps figures by tag only where a threshold asks for them; these always hold. */
export function keptByShape(shapes: string[]): Record<string, string[]> {
  const kept = shapes.flatMap((shape) => [
    [`http_req_duration{shape:${shape}}`, ['max>=0']],
    [`http_req_failed{shape:${shape}}`, ['rate>=0']],
  ]);
  return Object.fromEntries(kept);
}

/** Writes everything k6 measured to `file`, as JSON; without one, to standard output. */
export function summaryTo(file: string | undefined): (data: object) => Record<string, string> {
  return (data) => ({ [file || 'stdout']: `${JSON.stringify(data, null, 1)}\n` });
}
