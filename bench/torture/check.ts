import type { Ground } from './ground.ts';

export const groups = ['overload', 'postgres', 'stop', 'hostile'] as const;
export type Group = (typeof groups)[number];

/** One thing that is done to servers, and what must hold meanwhile and afterwards. */
export interface Check<On = Ground, Of extends string = Group> {
  group: Of;
  name: string;
  /** Throws where it cannot be run at all, which counts as failed. */
  run(ground: On): Promise<Outcome>;
}

export interface Outcome {
  /** what was done and found, in the order of the report: `{ writes: 812, lost: 0 }` */
  counts: Record<string, number | string>;
  /** what did not hold, in words; none where the check has passed */
  failures: string[];
  /** why this machine cannot do it; then nothing else counts */
  skipped?: string;
}

/** Collects failures; of each kind the first few are told, and all are counted. */
export function createFailures(mostOfEach = 3) {
  const kinds = new Map<string, string[]>();
  return {
    add(kind: string, example = ''): void {
      kinds.set(kind, [...(kinds.get(kind) ?? []), example]);
    },
    /** Adds `kind` where `holds` is false. */
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
