import type { Logger } from 'pino';
import { Stop } from '../cli/command.ts';
import type { Config } from '../server/config.ts';

// Supervises several server processes on one port: the system distributes new connections among them (SO_REUSEPORT). This
// process serves none; it starts the servers, restarts them, replaces them one by one, and ends with them.

/** ms until a process that ended is restarted: at first, and at most. */
const backoff = { first: 100, most: 10_000 };
/** ms after which a process counts as working. */
const proven = 30_000;
/** ms within which a process must listen, and within which it must end after it has drained its port. */
const patience = { start: 60_000, end: 15_000 };
/** ms between the termination signal and the closing of the port, unless DRAIN_TIME is set: clients move on meanwhile. */
const drainTime = 1_000;

interface Worker {
  pid: number;
  began: number;
  /** whether it listens; false if it ended, or was not ready in time */
  listens: Promise<boolean>;
  exited: Promise<number>;
  end(signal: NodeJS.Signals): void;
}

/**
 * Runs `count` processes of `script` on one port until SIGINT or SIGTERM, which drain and end all of them; a second signal
 * ends them at once. SIGHUP replaces them one by one: a new one listens before an old one ends. One that dies is restarted.
 *
 * @throws Stop if they cannot start
 */
export async function supervise(
  script: string,
  count: number,
  config: Config,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  if (process.platform !== 'linux')
    throw new Stop('--processes needs Linux: elsewhere the system shares no connections out.');
  const port = freePort(config);
  const drain = config.drainTime || drainTime;
  const environment = {
    ...process.env,
    ...{ PORT: `${port}`, REUSE_PORT: 'on', DRAIN_TIME: `${drain}` },
    // Together they have as many connections as one process would.
    POSTGRES_POOL: `${Math.max(2, Math.ceil(config.postgres.pool / count))}`,
  };
  const workers: Worker[] = [];
  let [ending, rolling, again] = [false, false, false];

  async function watch(place: number, worker: Worker, delay = backoff.first): Promise<void> {
    const code = await worker.exited;
    if (ending || workers[place] !== worker) return;
    const wait = performance.now() - worker.began > proven ? backoff.first : delay;
    log.warn({ server: worker.pid, code, wait }, 'a server process ended, and is started again');
    await Bun.sleep(wait);
    if (ending || workers[place] !== worker) return;
    const next = launch(script, environment);
    workers[place] = next;
    void watch(place, next, Math.min(2 * wait, backoff.most));
  }

  async function roll(): Promise<void> {
    if (rolling) {
      again = true;
      return;
    }
    rolling = true;
    for (let place = 0; place < count && !ending; place++) {
      const next = launch(script, environment);
      if (!(await next.listens)) {
        next.end('SIGKILL');
        log.warn({ server: next.pid }, 'a new server process does not start: the others stay');
        break;
      }
      const old = workers[place]!;
      workers[place] = next;
      void watch(place, next);
      if (ending) next.end('SIGTERM');
      old.end('SIGTERM');
      await old.exited;
      log.info({ server: next.pid, before: old.pid }, 'a server process was replaced');
    }
    rolling = false;
    if (!again || ending) return;
    again = false;
    await roll();
  }

  const ended = Promise.withResolvers<void>();
  const stop = () => {
    ending = true;
    for (const worker of workers) worker.end('SIGTERM');
    setTimeout(() => {
      for (const worker of workers) worker.end('SIGKILL');
    }, drain + patience.end).unref();
    void Promise.all(workers.map(({ exited }) => exited)).then(() => ended.resolve());
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', roll);

  for (let place = 0; place < count; place++) workers.push(launch(script, environment));
  const start = await Promise.all(workers.map(({ listens }) => listens));
  if (!ending && start.includes(false)) {
    stop();
    await ended.promise;
    throw new Stop('The server processes cannot start.');
  }
  if (!ending) {
    workers.forEach((worker, place) => void watch(place, worker));
    console.log(
      `optimized listens on http://${config.host}:${port} with ${count} processes (docs: /api/swagger)`,
    );
  }
  await ended.promise;
}

function launch(script: string, environment: Record<string, string | undefined>): Worker {
  const { promise: listens, resolve } = Promise.withResolvers<boolean>();
  const child = Bun.spawn([process.execPath, script], {
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
    // A session of its own: Ctrl-C and the end of a terminal reach this process alone, which signals the others.
    detached: true,
    // The channel also shows the child when this process is gone.
    ipc: (message) => resolve(message === 'listens'),
  });
  const late = setTimeout(() => resolve(false), patience.start);
  const exited = child.exited.then((code) => {
    clearTimeout(late);
    resolve(false);
    return code;
  });
  return { pid: child.pid, began: performance.now(), listens, exited, end: (signal) => child.kill(signal) };
}

/** The configured port, or a free one. Two servers that share a port by mistake would each get half of the requests. */
function freePort({ host, port }: Config): number {
  try {
    const probe = Bun.listen({ hostname: host, port, socket: { data() {} } });
    probe.stop(true);
    return probe.port;
  } catch {
    throw new Stop(`Port ${port} on ${host} is taken by another process; end it or set PORT.`);
  }
}
