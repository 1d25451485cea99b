import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandLine, isAlive } from './command.ts';
import { ServiceError } from './fault.ts';

export interface PidFile {
  pid: number;
  port: number;
  state: string;
}

/** Reads postmaster.pid. Its lines: PID, data folder, start time, port, socket folder, address, shared memory, state. */
export function readPidFile(data: string): PidFile | null {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), state: lines[7]?.trim() ?? 'starting' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new ServiceError(`${data} cannot be read: ${(error as Error).message}`);
  }
}

/** After a server was killed, the PID in its file may belong to any other program. */
export async function isServerOf(pid: number, data: string): Promise<boolean> {
  if (!(pid > 0) || !isAlive(pid)) return false;
  const line = await commandLine(pid);
  return `${line} `.includes(`-D ${data} `);
}

/**
 * PostgreSQL does not start while the PID in an old file belongs to any live process except its own parent. So this
 * writes our PID into the file. Removing the file would also lose the shared memory key, by which PostgreSQL detects
 * that children of the killed server are still writing.
 */
export function disownPidFile(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^-?\d+/, String(process.pid)));
}
