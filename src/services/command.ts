import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The account that a program runs as; null: that of this process. */
export type Account = { uid: number; gid: number } | null;

/** Exit code and complete output of a program. The code is -1 if the program cannot be run at all. */
export interface Outcome {
  code: number;
  output: string;
}

/** Runs a program to completion with `input` on its standard input. Never rejects. */
export function run(
  program: string,
  args: string[],
  account: Account = null,
  input = '',
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  let output = '';
  const failed = (error: unknown) => resolve({ code: -1, output: (error as Error).message });
  try {
    const child = spawn(program, args, { ...surroundings(account, env), stdio: 'pipe' });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.stdin.on('error', () => {}); // it ended without reading
    child.stdin.end(input);
    child.on('error', failed);
    child.on('close', (code) => resolve({ code: code ?? -1, output: output.trim() }));
  } catch (error) {
    failed(error); // a binary for another processor (ENOEXEC) throws; other failures arrive as events
  }
  return promise;
}

/** A server that was started. It outlives this process unless it ended at once. */
export interface Daemon {
  pid: number;
  /** True once it has ended. Only this process sees that so early: to others a zombie still looks alive. */
  ended(): boolean;
}

/** Starts a server in its own session, which neither Ctrl-C nor the end of this process reaches. It prints to `log`. */
export function startDaemon(program: string, args: string[], log: number, account: Account = null): Daemon {
  let ended = false;
  const child = spawn(program, args, {
    ...surroundings(account),
    stdio: ['ignore', log, log],
    detached: true,
  });
  child.on('error', () => (ended = true));
  child.on('exit', () => (ended = true));
  child.unref();
  return { pid: child.pid ?? 0, ended: () => ended || child.exitCode !== null || child.signalCode !== null };
}

function surroundings(account: Account, env: Record<string, string> = {}) {
  // PostgreSQL's tools complain about a working directory that their account cannot enter.
  return { cwd: '/', env: { ...process.env, LC_ALL: 'C', ...env }, ...account };
}

/** Path of a program, or null. */
export function findOnPath(name: string): string | null {
  return Bun.which(name, { PATH: process.env.PATH ?? '' });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Waits until a process has ended; false if it is still alive after `seconds`. */
export async function hasEnded(pid: number, seconds: number): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(20)) {
    if (!isAlive(pid)) return true;
  }
  return false;
}

/** The command line of a process; '' if it has none or it cannot be read. */
export async function commandLine(pid: number): Promise<string> {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    const { code, output } = await run('ps', ['-o', 'args=', '-p', String(pid)]);
    return code === 0 ? output : '';
  }
}
