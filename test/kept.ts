import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { readConfig } from '../src/server/config.ts';
import type { Services } from '../src/services/index.ts';

// Who keeps the services of tests. With `npm test` it is all.ts: it starts them once for each worker, whose files use
// them one after the other, and names them in a variable. A file that finds none of its worker there, or that is run by
// `bun test` itself, starts its own: then each file of `bun test --parallel` does.

/** Services that were started for the test files of one worker. */
export interface Kept {
  /** begins the names of folders in `.data`, which are removed at its end: `test-RUN-…` */
  run: string;
  /** begins the names of databases */
  prefix: string;
  /** what the keeper said when it had started them */
  said: string;
}

export type Keeper = ReturnType<typeof startKeeper>;

const variable = 'TEST_KEPT';

/** The environment of a `bun test` whose workers use these. */
export const keptFor = (all: readonly Kept[]) => ({ [variable]: JSON.stringify(all) });

const given = JSON.parse(process.env[variable] ?? '[]') as Kept[];

/** Those of this worker, which has a number from 1 on; that of a run in one process is the first. */
export const kept: Kept | undefined = given[Number(process.env.JEST_WORKER_ID ?? 1) - 1];

export const run = kept?.run ?? String(process.pid);

/** A folder for a test that starts services of its own. What is left in it is stopped and removed at the end of the run. */
export const ownFolder = (name: string) => join(import.meta.dir, '..', '.data', `test-${run}-${name}`);

export const newPrefix = () =>
  `${readConfig({ port: 0 }).postgres.db.slice(0, 12)}_test_${crypto.randomUUID().slice(0, 4)}`;

/** The services in what a keeper said. */
export function servicesIn(said: string): Services {
  const { services, failed } = JSON.parse(said) as { services: Services; failed?: string };
  if (failed) throw new Error(`The tests have no database: ${failed}`);
  return services;
}

export function startKeeper(run: string, prefix: string) {
  const args = [join(import.meta.dir, 'keeper.ts'), run, prefix];
  // In a session of its own, so that Ctrl-C does not reach it.
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  child.unref();
  const gone = once(child, 'exit');
  return {
    /** Starts the services; what it says. */
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
