import type { Ground } from './ground.ts';

export const groups = ['overload', 'postgres', 'stop', 'hostile'] as const;
export type Group = (typeof groups)[number];

/** One attack or fault, and what must hold meanwhile and afterwards. */
export interface Check<On = Ground, Of extends string = Group> {
  group: Of;
  name: string;
  /** Throws if it cannot run at all, which counts as failed. */
  run(ground: On): Promise<Outcome>;
}

export interface Outcome {
  /** figures in the order of the report: `{ writes: 812, lost: 0 }` */
  counts: Record<string, number | string>;
  /** what did not hold, in words; empty if the check has passed */
  failures: string[];
  /** why this machine cannot run it; then nothing else counts */
  skipped?: string;
}

/** Collects failures. Reports the first few of each kind, and counts all. */
export function createFailures(mostOfEach = 3) {
  const kinds = new Map<string, string[]>();
  return {
    add(kind: string, example = ''): void {
      kinds.set(kind, [...(kinds.get(kind) ?? []), example]);
    },
    /** Adds `kind` if `holds` is false. */
    expect(holds: boolean, kind: string, example = ''): void {
      if (!holds) this.add(kind, example);
    },
    all: (): string[] =>
      [...kinds].map(([kind, examples]) => {
        const told = examples.slice(0, mostOfEach).filter((example) => example !== '');
        return `${examples.length > 1 ? `${examples.length} times ` : ''}${kind}${told.length > 0 ? `: ${told.join('; ')}` : ''}`;
      }),
  };
}

export type Failures = ReturnType<typeof createFailures>;
