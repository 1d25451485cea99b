import { faults as everything } from './faults.ts';
import type { Findings } from './findings.ts';
import { close, type Ground, open, type Stage } from './ground.ts';
import {
  crowd,
  hostile,
  registersOf,
  startWithout,
  stayWarm,
  suffer,
  watch,
  writeAndRead,
} from './phases.ts';

export interface Plan {
  /** approximate duration */
  minutes: number;
  seed?: number;
  /** only these parts */
  only?: Part[];
  onPart?: (part: string) => void;
  /** whether to end early, since enough was found */
  enough?: (findings: Findings) => boolean;
}

export const parts = ['read', 'watch', 'warm', 'crowd', 'hostile', 'faults', 'absent'] as const;
export type Part = (typeof parts)[number];

/** Exposes two servers to every load and fault, and finds out which promises they keep. */
export async function run(
  stage: Stage,
  { minutes, seed = 1, only = [...parts], onPart = () => {}, enough }: Plan,
): Promise<Findings> {
  const ground = await open(stage, { seed, enough });
  const { faults = everything } = stage;
  const registers = registersOf(ground);
  // The time that the parts share. Their fixed work takes 10 s.
  const seconds = Math.max(3, minutes * 60 - 10);
  const work: Record<Part, () => Promise<void>> = {
    read: () => writeAndRead(ground, registers, 0.25 * seconds),
    watch: () => watch(ground, 0.1 * seconds),
    warm: () => stayWarm(ground, registers, 0.25 * seconds),
    crowd: () => crowd(ground, Math.ceil(minutes * 4)),
    hostile: () => hostile(ground, Math.round(400 + 1600 * Math.min(1, minutes))),
    faults: () => everyFault(ground, (0.4 * seconds) / faults.length, onPart),
    absent: () => startWithout(ground),
  };
  try {
    for (const part of only) {
      onPart(part);
      await work[part]();
    }
    for (const server of [ground.plain, ...ground.servers]) server.assertAlive();
    return ground.findings;
  } finally {
    await close(ground);
  }

  async function everyFault(on: Ground, each: number, told: (part: string) => void): Promise<void> {
    for (const fault of faults) {
      if (on.enough()) return;
      told(fault.name);
      await suffer(on, registers, fault, Math.max(2, each));
    }
  }
}
