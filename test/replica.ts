import { family } from '../bench/processes.ts';
import { ensureSeeded } from '../src/seed/index.ts';
import { noRedis, readConfig } from '../src/server/config.ts';
import { connected } from '../src/server/connection.ts';
import type { Address } from '../src/server/database.ts';
import { type Services, startServices, stopServices } from '../src/services/index.ts';
import { readPidFile } from '../src/services/pid-file.ts';
import { replicaOf } from '../src/services/replica.ts';
import { readState } from '../src/services/state.ts';
import type { Copy } from './cluster.ts';
import { ownFolder } from './kept.ts';

/** A PostgreSQL for one test, and its replica. */
export interface Pair {
  services: Services;
  dataDir: string;
  replica: Address;
  /** A database with the optimized schema and no rows, on both. */
  copy(): Promise<Copy>;
  /** The first process of each, for signals. */
  pids(): { primary: number; replica: number };
  /** Sends SIGSTOP to the replica, which then accepts connections but answers nothing. Returns a function that resumes it. */
  hang(): () => void;
  /** Starts whichever of the two does not run. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startPair(name: string): Promise<Pair> {
  const dataDir = ownFolder(name);
  const settings = readConfig({ port: 0 }, { REDIS_URL: noRedis });
  const options = {
    dataDir,
    ports: { postgres: 57_000 + (process.pid % 2000) },
    throwaway: true,
    replica: true,
  };
  const services = await startServices(settings, options);
  await ensureSeeded({ services, db: 'pair_empty', customers: 0, only: 'optimized', quiet: true });
  const { user, password, port: primaryPort } = services.postgres;
  const data = () => readState(dataDir).place!.data;
  const admin = <T>(work: Parameters<typeof connected<T>>[1]) =>
    connected({ ...services.postgres, database: 'postgres' }, work);
  const pids = () => ({
    primary: readPidFile(data())!.pid,
    replica: readPidFile(replicaOf(data()))!.pid,
  });
  let copies = 0;
  return {
    ...{ services, dataDir, pids },
    replica: { ...services.replica!, user, password },
    async copy() {
      const db = `pair_${++copies}`;
      const name = `${db}_optimized`;
      await admin((sql) =>
        sql.unsafe(`create database ${name} template pair_empty_optimized strategy file_copy`),
      );
      const drop = () => admin(async (sql) => void (await sql.unsafe(`drop database ${name} with (force)`)));
      return { services, db, name, drop };
    },
    hang() {
      const stopped = family(pids().replica);
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const pid of stopped) process.kill(pid, 'SIGCONT');
      };
    },
    async start() {
      const own = { ...settings, postgres: { ...settings.postgres, port: primaryPort } };
      await startServices(own, options);
    },
    remove: async () => void (await stopServices({ dataDir })),
  };
}
