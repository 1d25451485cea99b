import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { noRedis, readConfig } from '../../src/server/config.ts';
import { type Services, startServices, stopServices } from '../../src/services/index.ts';
import { readPidFile } from '../../src/services/pid-file.ts';
import { replicaOf } from '../../src/services/replica.ts';
import { readState } from '../../src/services/state.ts';
import { family, signal } from '../processes.ts';
import { freePort } from '../servers.ts';

/** A PostgreSQL that can be killed, hung and stopped. Unlike that of the tests it keeps acknowledged writes. */
export interface OwnPostgres {
  services: Services;
  dataDir: string;
  /** SIGKILL to its postmaster; the other processes end on their own. */
  kill(): Promise<void>;
  /** SIGINT: ends the connections, writes a checkpoint, ends. */
  stop(): Promise<void>;
  /** Restarts it and its replica at the same port, and waits until it accepts connections. */
  start(): Promise<void>;
  /** SIGSTOP to all its processes: it accepts connections and answers nothing. */
  hang(): void;
  goOn(): void;
  /** SIGKILL to the postmaster of its replica. */
  killReplica(): Promise<void>;
  remove(): Promise<void>;
}

/** `replica`: also starts a replica. */
export async function startOwnPostgres(name: string, replica = false): Promise<OwnPostgres> {
  const dataDir = join(import.meta.dir, '../..', '.data', `${name}-${process.pid}`);
  const port = freePort();
  const settings = readConfig({ port: 0 }, { POSTGRES_PORT: `${port}`, REDIS_URL: noRedis });
  const services = await startServices(settings, { dataDir, replica });
  const folder = () => readState(dataDir).place!.data;
  const first = () => readPidFile(folder())!.pid;
  const killed = async (postmaster: number) => {
    const pids = family(postmaster);
    signal(postmaster, 'SIGKILL');
    while (pids.some((pid) => signal(pid, 0))) await Bun.sleep(5);
  };
  let stopped: number[] = [];
  const goOn = () => {
    for (const pid of stopped) signal(pid, 'SIGCONT');
    stopped = [];
  };
  // An interruption ends this process before `remove`.
  const abandon = () => {
    goOn();
    const { place } = readState(dataDir);
    for (const data of place ? [replicaOf(place.data), place.data] : []) {
      const file = readPidFile(data);
      for (const pid of file ? family(file.pid) : []) signal(pid, 'SIGKILL');
    }
    rmSync(dataDir, { recursive: true, force: true });
  };
  process.on('exit', abandon);
  return {
    services,
    dataDir,
    kill: () => killed(first()),
    killReplica: () => killed(readPidFile(replicaOf(folder()))!.pid),
    async stop() {
      const pid = first();
      signal(pid, 'SIGINT');
      while (signal(pid, 0)) await Bun.sleep(5);
    },
    async start() {
      // It refuses logins during recovery.
      for (const until = Date.now() + 60_000; ; await Bun.sleep(20)) {
        try {
          return void (await startServices(settings, { dataDir, replica }));
        } catch (error) {
          if (Date.now() > until) throw error;
        }
      }
    },
    hang() {
      stopped = family(first());
      for (const pid of stopped) signal(pid, 'SIGSTOP');
    },
    goOn,
    async remove() {
      goOn();
      await stopServices({ dataDir });
      await rm(dataDir, { recursive: true, force: true });
      process.off('exit', abandon);
    },
  };
}
