import { Stop } from '../src/cli/command.ts';

/** A child process. It never outlives this process, even after an error or Ctrl-C. */
export interface Child {
  pid: number;
  /** Exit code; 128 + n after signal n. */
  exited: Promise<number>;
  running(): boolean;
  /** The last non-blank lines of stdout and stderr. */
  lastLines(count?: number): string[];
  /** Sends SIGTERM, after 5 s SIGKILL, and waits for the exit. */
  stop(): Promise<void>;
}

const children = new Set<Bun.Subprocess>();
const patience = 5_000;

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    process.stderr.write('\nInterrupted; only the services keep running.\n');
    process.exit(code);
  });
}

/** Starts `command` in the project's folder; `onLine` receives each line that it prints. */
export function startChild(
  command: string[],
  options: { environment?: Record<string, string>; onLine?: (line: string) => void } = {},
): Child {
  const lines: string[] = [];
  const child = Bun.spawn(command, {
    cwd: `${import.meta.dir}/..`,
    env: { ...process.env, ...options.environment },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  children.add(child);
  const keep = (line: string) => {
    lines.push(line);
    if (lines.length > 50) lines.shift();
    options.onLine?.(line);
  };
  const read = Promise.all([eachLine(child.stdout, keep), eachLine(child.stderr, keep)]);
  const exited = child.exited.then(async (code) => {
    children.delete(child);
    await read;
    return code;
  });

  return {
    pid: child.pid,
    exited,
    running: () => child.exitCode === null && child.signalCode === null,
    lastLines: (count = 3) => lines.filter((line) => line.trim() !== '').slice(-count),
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), patience);
      await exited;
      clearTimeout(late);
    },
  };
}

async function eachLine(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = lines.pop() ?? '';
    lines.forEach(take);
  }
  if (rest !== '') take(rest);
}

/** Starts a server whose first line is its address; `what` names it. Throws Stop if it exits or prints anything else. */
export async function startListening(
  what: string,
  command: string[],
  environment: Record<string, string> = {},
): Promise<{ base: string; child: Child }> {
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  const child = startChild(command, { environment, onLine: resolve });
  const base = await Promise.race([listening, child.exited.then(() => '')]);
  if (base.startsWith('http://')) return { base, child };
  await child.stop();
  throw new Stop(`The ${what} server did not start: ${base || child.lastLines(1).join('')}`);
}
