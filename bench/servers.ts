import { Stop } from '../src/cli/command.ts';
import { startChild } from './children.ts';
import { type Usage, usageOf } from './processes.ts';

export const rooms = ['naive', 'optimized'] as const;
export type Room = (typeof rooms)[number];

/** A server in its own process. */
export interface RunningServer {
  room: Room;
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  base: string;
  pid: number;
  /** Null if the system does not provide it. */
  usage(): Usage | null;
  /** Its last output lines, joined into one. */
  lastWords(): string;
  /** Throws Stop with the last lines if the process has ended on its own. */
  assertAlive(): void;
  stop(): Promise<void>;
  /** SIGKILL */
  kill(): Promise<void>;
}

const patience = 60_000;

/**
 * Starts a server on a free port, or on the port in `environment`, and waits until it is ready. `environment` is added to
 * that of this process; `script` is a program to run instead of the server's own. Throws Stop with the server's last lines
 * if it ends or is not ready within a minute.
 */
export async function startServer(
  room: Room,
  environment: Record<string, string>,
  script = `src/${room}/main.ts`,
): Promise<RunningServer> {
  const port = environment.PORT ?? freePort();
  const base = `http://127.0.0.1:${port}`;
  const child = startChild([process.execPath, script], {
    environment: { NODE_ENV: 'production', ...environment, HOST: '127.0.0.1', PORT: `${port}` },
  });
  const lastWords = () => child.lastLines().join(' | ') || 'no output';
  const server: RunningServer = {
    room,
    base,
    pid: child.pid,
    usage: () => usageOf(child.pid),
    lastWords,
    assertAlive() {
      if (!child.running()) throw new Stop(`The ${room} server ended on its own: ${lastWords()}`);
    },
    stop: () => child.stop(),
    async kill() {
      process.kill(child.pid, 'SIGKILL');
      await child.exited;
    },
  };

  const until = Date.now() + patience;
  while (Date.now() < until) {
    if (!child.running()) {
      const code = await child.exited;
      throw new Stop(`The ${room} server did not start (exit code ${code}): ${lastWords()}`);
    }
    // On a shared port another process may answer.
    if ((!environment.PORT || lastWords().includes('listens on')) && (await isReady(base))) return server;
    await Bun.sleep(50);
  }
  await child.stop();
  throw new Stop(`The ${room} server is not ready after ${patience / 1000} s: ${lastWords()}`);
}

async function isReady(base: string): Promise<boolean> {
  try {
    return (await fetch(`${base}/ready`, { signal: AbortSignal.timeout(5_000) })).status === 200;
  } catch {
    return false;
  }
}

/** A currently free port. If another process takes it first, the server reports that and ends. */
export function freePort(): number {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}
