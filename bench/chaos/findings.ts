import { quantile } from '../statistics.ts';
import { table } from '../table.ts';

// The findings of a run, per promise.

export const promises = {
  1: 'read your writes',
  2: 'several servers',
  3: 'no stale fill',
  4: 'writes from outside',
  5: 'warm under writes',
  6: 'one query for a crowd',
  7: 'bounded',
  8: 'Redis is optional',
} as const;
export type Promised = keyof typeof promises;

interface Finding {
  operations: number;
  faults: number;
  violations: number;
  /** the first few violations, in words */
  examples: string[];
  /** figures, in words */
  figures: string[];
  /** for each watched write, the ms until the other server showed it */
  windows: number[];
  /** the most ms for which an outdated state was seen */
  worst: number;
}

export interface Findings {
  operation(promise: Promised, count?: number): void;
  fault(promise: Promised): void;
  violation(promise: Promised, what: string): void;
  figure(promise: Promised, what: string): void;
  window(promise: Promised, ms: number): void;
  late(promise: Promised, ms: number): void;
  of(promise: Promised): Readonly<Finding>;
  violations(): number;
  report(): string;
}

const mostExamples = 5;

export function createFindings(): Findings {
  const numbers = Object.keys(promises).map(Number) as Promised[];
  const all = new Map<Promised, Finding>(
    numbers.map((promise) => [
      promise,
      { operations: 0, faults: 0, violations: 0, examples: [], figures: [], windows: [], worst: 0 },
    ]),
  );
  const of = (promise: Promised) => all.get(promise)!;
  const violations = () => numbers.reduce((sum, promise) => sum + of(promise).violations, 0);
  return {
    of,
    violations,
    operation(promise, count = 1) {
      of(promise).operations += count;
    },
    fault(promise) {
      of(promise).faults += 1;
    },
    violation(promise, what) {
      const finding = of(promise);
      finding.violations += 1;
      if (finding.examples.length < mostExamples) finding.examples.push(what);
    },
    figure: (promise, what) => void of(promise).figures.push(what),
    window(promise, ms) {
      of(promise).windows.push(ms);
      this.late(promise, ms);
    },
    late(promise, ms) {
      of(promise).worst = Math.max(of(promise).worst, ms);
    },
    report() {
      const head = ['promise', 'operations', 'faults', 'violations', 'p99 delay ms', 'worst ms'];
      const rows = numbers.map((promise) => {
        const { operations, faults, violations, windows, worst } = of(promise);
        const times = [windows.length > 0 ? p99(windows).toFixed(1) : '', worst > 0 ? worst.toFixed(1) : ''];
        return [`${promise} ${promises[promise]}`, `${operations}`, `${faults}`, `${violations}`, ...times];
      });
      const words = numbers.flatMap((promise) => [
        ...of(promise).figures.map((figure) => `${promise}: ${figure}`),
        ...of(promise).examples.map((example) => `${promise} VIOLATED: ${example}`),
      ]);
      return [table([head, ...rows]), ...words].join('\n');
    },
  };
}

export const p99 = (times: number[]): number => quantile(times, 0.99);
