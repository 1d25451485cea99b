import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readConfig } from '../src/server/config.ts';
import type { Services } from '../src/services/index.ts';

// The services of tests. With `npm test`, all.ts starts them once for each worker, and names them in an environment
// variable; the files of a worker use them one after the other. A file that finds none of its worker there, or that is run
// by `bun test` directly, starts its own, and so does each file of `bun test --parallel`.

/** Services that were started for the test files of one worker. */
export interface Kept {
  /** prefix of the folders in `.data` that are removed at the end of the run: `test-RUN-…` */
  run: string;
  /** prefix of the databases */
  prefix: string;
  /** the keeper's message after it has started them */
  said: string;
}

export type Keeper = ReturnType<typeof startKeeper>;

const variable = 'TEST_KEPT';

/** The environment of a `bun test` whose workers use these services. */
export const keptFor = (all: readonly Kept[]) => ({ [variable]: JSON.stringify(all) });

const given = JSON.parse(process.env[variable] ?? '[]') as Kept[];

/** The services of this worker. Workers are numbered from 1; a run in one process is worker 1. */
export const kept: Kept | undefined = given[Number(process.env.JEST_WORKER_ID ?? 1) - 1];

export const run = kept?.run ?? String(process.pid);

/** A folder for a test that starts its own services. At the end of the run, all that is left in it is stopped and removed. */
export const ownFolder = (name: string) => join(import.meta.dir, '..', '.data', `test-${run}-${name}`);

export const newPrefix = () =>
  `${readConfig({ port: 0 }).postgres.db.slice(0, 12)}_test_${crypto.randomUUID().slice(0, 4)}`;

/** The services in a keeper's message. */
export function servicesIn(said: string): Services {
  const { services, failed } = JSON.parse(said) as { services: Services; failed?: string };
  if (failed) throw new Error(`The tests have no database: ${failed}`);
  return services;
}

export function startKeeper(run: string, prefix: string) {
  const args = [join(import.meta.dir, 'keeper.ts'), run, prefix];
  // In its own session, so that Ctrl-C does not reach it.
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  child.unref();
  const gone = once(child, 'exit');
  return {
    /** Starts the services, and returns the keeper's message. */
    async start(): Promise<string> {
      child.stdin.write('start\n');
      const [said] = await Promise.race([once(child.stdout, 'data') as Promise<[Buffer]>, gone]);
      return Buffer.isBuffer(said) ? said.toString() : JSON.stringify({ failed: 'its keeper has ended' });
    },
    /** Stops and removes all that is left. */
    async end(): Promise<void> {
      child.ref();
      child.stdin.end();
      await gone;
    },
  };
}
