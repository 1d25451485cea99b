import { command, run } from '../cli/command.ts';
import { wholeNumber } from '../cli/options.ts';
import { readConfig } from '../server/config.ts';
import { createLog } from '../server/serve.ts';
import { supervise } from './processes.ts';

/** The command line of the server, where it has arguments: `start` serves in this process. Never comes back. */
export async function main(script: string, start: () => Promise<void>): Promise<never> {
  const program = command(
    'optimized',
    `Serves the optimized customers API. Settings come from the environment or .env: PORT (8000), HOST (127.0.0.1), API_TOKEN, POSTGRES_*, REDIS_URL, CACHE, CACHE_TIMEOUT, LOG_LEVEL; .env.example explains each. The database is filled by: npm run seed`,
  )
    .option(
      '--processes <N>',
      'so many server processes on one port, which share POSTGRES_POOL: one that dies is started again, SIGHUP replaces them one by one, SIGTERM drains and ends all (Linux)',
      (text) => wholeNumber('processes', text, 1, 64),
    )
    .action(async ({ processes }) => {
      if (processes === undefined) {
        await start();
        await new Promise(() => {}); // until a signal comes
      } else {
        const config = readConfig({ port: 8000 });
        await supervise(script, processes, config, createLog(config, 'optimized'));
      }
    });
  return run(program);
}
