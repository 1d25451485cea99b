import { Stop } from '../src/cli/command.ts';
import { startChild } from './children.ts';
import { type Usage, usageOf } from './processes.ts';

export const rooms = ['naive', 'optimized'] as const;
export type Room = (typeof rooms)[number];

/** A server in a process of its own. */
export interface RunningServer {
  room: Room;
  /** `http://127.0.0.1:PORT`, without a slash at its end. */
  base: string;
  pid: number;
  /** Null where the system does not tell. */
  usage(): Usage | null;
  /** The last lines that it printed, in one. */
  lastWords(): string;
  /** Throws Stop with its last words when the process has ended by itself. */
  assertAlive(): void;
  stop(): Promise<void>;
  /** SIGKILL */
  kill(): Promise<void>;
}

const patience = 60_000;

/**
 * Starts the server of a room on a free port, or on that of `environment`, and waits until it is ready. `environment` is added to ours; `script` is
 * another program that serves in the room's place. Throws Stop, with what the server said last, when it ends or is not
 * ready within a minute.
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
  const lastWords = () => child.lastLines().join(' | ') || 'it said nothing';
  const server: RunningServer = {
    room,
    base,
    pid: child.pid,
    usage: () => usageOf(child.pid),
    lastWords,
    assertAlive() {
      if (!child.running()) throw new Stop(`The ${room} server ended by itself: ${lastWords()}`);
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
    // On a port that is shared another process may answer.
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

/** A port that no process listens on now. Another may take it first; then the server says so and ends. */
export function freePort(): number {
  const probe = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const { port } = probe;
  probe.stop(true);
  return port;
}
