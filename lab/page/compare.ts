import { resultsText } from '../../bench/equality/equal.ts';
import type { Answered } from './answers.ts';

export type Verdict =
  | { equal: true; bytes: number; customers: number }
  /** both servers refuse, with the same faults */
  | { equal: true; refused: string }
  | { equal: false; where: string; naive: string; optimized: string };

/** Whether two responses to the same request are equal: results byte for byte, counts if both have one. */
export function compare(naive: Answered, optimized: Answered): Verdict {
  const unequal = (where: string, left: unknown, right: unknown): Verdict => ({
    equal: false,
    where,
    naive: text(left),
    optimized: text(right),
  });
  if (naive.status !== optimized.status) return unequal('the status', naive.status, optimized.status);
  if (!naive.page || !optimized.page) {
    const [left, right] = [text(naive.problem), text(optimized.problem)];
    return left === right
      ? { equal: true, refused: naive.problem!.detail }
      : unequal('the problem', left, right);
  }
  const [left, right] = [resultsText(naive.text), resultsText(optimized.text)];
  if (left !== right) {
    const [where, one, other] = firstDifference(naive.page.results, optimized.page.results, '') ?? [
      'the text',
      left,
      right,
    ];
    return unequal(where, one, other);
  }
  const [counted, also] = [naive.page.count, optimized.page.count];
  const isGuess = naive.request.values.count === 'estimated';
  if (counted !== null && also !== null && counted !== also && !isGuess)
    return unequal('the count', counted, also);
  return { equal: true, bytes: new TextEncoder().encode(left).length, customers: naive.page.results.length };
}

/** Path and values of the first difference between two JSON values; null if they are equal. */
function firstDifference(left: unknown, right: unknown, path: string): [string, unknown, unknown] | null {
  if (left === right) return null;
  if (!isObject(left) || !isObject(right)) return [path, left, right];
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const step = Array.isArray(left) ? `customer ${Number(name) + 1}` : name;
    const found = firstDifference(left[name], right[name], path === '' ? step : `${path}, ${step}`);
    if (found) return found;
  }
  return null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const text = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'));
