import { readFileSync } from 'node:fs';
import { usageOf } from '../processes.ts';

/** Resources that a part of the system uses at one moment: CPU cores, and memory in bytes. */
export interface Taken {
  cores: number;
  bytes: number;
}

/** One moment, on the time axis of the measurement; null for a part that is not visible or not running. */
export interface Sample {
  second: number;
  server: Taken | null;
  database: Taken | null;
  generator: Taken | null;
  /** CPU cores used by everything else on this machine, which should be almost none; null if unknown. */
  others: number | null;
}

type Part = Exclude<keyof Sample, 'second' | 'others'>;
/** The current processes of each part. */
export type Processes = Record<Part, () => number[]>;

/** Samples the parts every half second until it is stopped. Sees only Linux processes of this machine. */
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
    // The first look is only the baseline of the next.
    if (now - last > 0.1) samples.push({ second: Math.round(now * 100) / 100, ...parts, others });
    [last, lastBusy] = [now, busy];
  };
  look();
  const timer = setInterval(look, 500);
  return { samples, second, stop: () => clearInterval(timer) };
}

/** `before` holds each process's CPU seconds at the previous look. */
function taken(pids: number[], before: Map<number, number>, seconds: number): Taken | null {
  const seen = pids.flatMap((pid) => usageOf(pid) ?? []);
  if (seen.length === 0) return null;
  let used = 0;
  for (const { pid, cpuSeconds } of seen) {
    // A newly seen process may have used its CPU seconds at any earlier time, so they do not count.
    used += cpuSeconds - (before.get(pid) ?? cpuSeconds);
    before.set(pid, cpuSeconds);
  }
  // The processes of PostgreSQL share its program and buffers, which are counted once.
  const own = seen.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
  const shared = Math.max(...seen.map(({ sharedBytes }) => sharedBytes));
  return { cores: seconds > 0 ? Math.round((used / seconds) * 1000) / 1000 : 0, bytes: own + shared };
}

/** CPU seconds of all cores since the machine started: user, nice, system, and interrupts. */
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
