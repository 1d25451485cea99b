// Shared by the k6 scenarios; runs inside k6.
import { Counter } from 'k6/metrics';

/** Requests sent. Those cut off at the end, which are the slowest, are in no other figure. */
export const sent = new Counter('sent');

export const trendStats = ['min', 'med', 'avg', 'p(90)', 'p(95)', 'p(99)', 'max', 'count'];

/** k6 keeps figures by tag only if a threshold uses them; these thresholds always hold. */
export function keptByShape(shapes: string[]): Record<string, string[]> {
  const kept = shapes.flatMap((shape) => [
    [`http_req_duration{shape:${shape}}`, ['max>=0']],
    [`http_req_failed{shape:${shape}}`, ['rate>=0']],
  ]);
  return Object.fromEntries(kept);
}

/** Writes all figures of k6 as JSON to `file`, or to standard output if there is none. */
export function summaryTo(file: string | undefined): (data: object) => Record<string, string> {
  return (data) => ({ [file || 'stdout']: `${JSON.stringify(data, null, 1)}\n` });
}
