import { readFileSync } from 'node:fs';
import type { Sql } from '../src/server/database.ts';

// Process figures from Linux's /proc. Other systems and ended processes have none.

/** Bytes, and CPU seconds used so far. */
export interface Usage {
  pid: number;
  cpuSeconds: number;
  /** Peak memory; then its current private and shared memory. */
  peakBytes: number;
  ownBytes: number;
  sharedBytes: number;
}

const read = (pid: number, file: string) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};

/** The fields of a process's `stat` behind its name, which may contain spaces. A clock tick is 1/100 s. */
const statOf = (pid: number) =>
  read(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');

export function usageOf(pid: number): Usage | null {
  const status = read(pid, 'status');
  const bytes = (name: string) =>
    1024 * Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  const fields = statOf(pid);
  if (bytes('VmRSS') === 0 || fields.length < 13) return null;
  return {
    pid,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
    peakBytes: bytes('VmHWM'),
    ownBytes: bytes('RssAnon'),
    sharedBytes: bytes('RssFile') + bytes('RssShmem'),
  };
}

/** A process and its children. */
export function family(pid: number): number[] {
  const children = read(pid, `task/${pid}/children`).trim();
  return children === '' ? [pid] : [pid, ...children.split(' ').map(Number)];
}

/**
 * CPU seconds used so far by a process and its children, with those that have ended: without them the sum falls when one ends.
 * Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html (cutime, cstime)
 */
export function cpuSecondsOfFamily(pid: number): number {
  const [ofUser = 0, ofSystem = 0] = statOf(pid).slice(13, 15).map(Number);
  const ended = (ofUser + ofSystem) / 100;
  return family(pid).reduce((sum, one) => sum + (usageOf(one)?.cpuSeconds ?? 0), ended);
}

/** Id of the postmaster if PostgreSQL runs on this machine, else null. */
export async function databaseProcess(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ pid: number }[]>`
    select pg_backend_pid() as pid where host(inet_server_addr()) = host(inet_client_addr())`;
  const parent = row && /^PPid:\s+(\d+)/m.exec(read(row.pid, 'status'))?.[1];
  return Number(parent ?? 0) || null;
}

/** Sends a signal to a process (0: none). Returns whether the process exists. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
