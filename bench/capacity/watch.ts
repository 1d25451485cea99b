import { readFileSync } from 'node:fs';
import { usageOf } from '../processes.ts';

/** What a part of the system takes at one moment: processor cores, and memory in bytes. */
export interface Taken {
  cores: number;
  bytes: number;
}

/** One moment, on the time axis of what is measured; null for a part that cannot be seen, or is not there now. */
export interface Sample {
  second: number;
  server: Taken | null;
  database: Taken | null;
  generator: Taken | null;
  /** Processor cores that all else on this machine takes, which should be next to none; null where unknown. */
  others: number | null;
}

type Part = Exclude<keyof Sample, 'second' | 'others'>;
/** The processes of each part, as they are now. */
export type Processes = Record<Part, () => number[]>;

/** Looks at the parts every half second until it is stopped. Sees Linux processes of this machine, and no others. */
export function watch(processes: Processes): { samples: Sample[]; second: () => number; stop: () => void } {
  const samples: Sample[] = [];
  const began = performance.now();
  const second = () => (performance.now() - began) / 1000;
  const before = new Map<number, number>();
  let last = second();
  let lastBusy = busySeconds();
  const look = () => {
    const now = second();
    const part = (pids: number[]) => taken(pids, before, now - last);
    const parts = {
      server: part(processes.server()),
      database: part(processes.database()),
      generator: part(processes.generator()),
    };
    const busy = busySeconds();
    const own = Object.values(parts).reduce((sum, one) => sum + (one?.cores ?? 0), 0);
    const all = busy === null || lastBusy === null || now === last ? null : (busy - lastBusy) / (now - last);
    const others = all === null ? null : Math.max(0, Math.round((all - own) * 1000) / 1000);
    // The first look is what the others are compared with.
    if (now - last > 0.1) samples.push({ second: Math.round(now * 100) / 100, ...parts, others });
    [last, lastBusy] = [now, busy];
  };
  look();
  const timer = setInterval(look, 500);
  return { samples, second, stop: () => clearInterval(timer) };
}

/** `before` keeps each process's seconds from the look before. */
function taken(pids: number[], before: Map<number, number>, seconds: number): Taken | null {
  const seen = pids.flatMap((pid) => usageOf(pid) ?? []);
  if (seen.length === 0) return null;
  let used = 0;
  for (const { pid, cpuSeconds } of seen) {
    // A process that is new here has done its seconds at any time before.
    used += cpuSeconds - (before.get(pid) ?? cpuSeconds);
    before.set(pid, cpuSeconds);
  }
  // Processes of one database share their program and its buffers: these are counted once.
  const own = seen.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  const shared = Math.max(...seen.map(({ sharedBytes }) => sharedBytes));
  return { cores: seconds > 0 ? Math.round((used / seconds) * 1000) / 1000 : 0, bytes: own + shared };
}

/** Of all processors, since the machine was started: user, nice, system, and interrupts. */
function busySeconds(): number | null {
  try {
    const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
      .split(/\s+/)
      .map(Number);
    return (user! + nice! + system! + irq! + softirq!) / 100;
  } catch {
    return null;
  }
}
