import { readFileSync } from 'node:fs';
import type { Sql } from '../../src/server/database.ts';

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
  const seen = pids.flatMap((pid) => look(pid) ?? []);
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

/** Null for a process that is gone, or about to be. */
function look(pid: number) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    if (kilobytes('VmRSS') === 0) return null;
    return {
      pid,
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
      ownBytes: kilobytes('RssAnon') * 1024,
      sharedBytes: (kilobytes('RssFile') + kilobytes('RssShmem')) * 1024,
    };
  } catch {
    return null;
  }
}

/** A process and those it started. */
export function family(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
  } catch {
    return [];
  }
}

/** The process that started this one; 0 where that is not known. */
function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The first process of PostgreSQL, where it runs on this machine; else null. */
export async function databaseProcess(admin: Sql): Promise<number | null> {
  const [row] = await admin<{ pid: number }[]>`
    select pg_backend_pid() as pid where host(inet_server_addr()) = host(inet_client_addr())`;
  return row ? parentOf(row.pid) || null : null;
}
