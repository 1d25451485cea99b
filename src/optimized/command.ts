import { command, run } from '../cli/command.ts';
import { wholeNumber } from '../cli/options.ts';
import { readConfig } from '../server/config.ts';
import { createLog, settingsHelp } from '../server/serve.ts';
import { supervise } from './processes.ts';

const port = 8000;

/** Runs the server from its command line, for a start with arguments. Never returns. */
export const main = (script: string): Promise<never> =>
  run(
    command('optimized', `Serves the optimized customers API. ${settingsHelp(port).replaceAll('\n', ' ')}`)
      .option(
        '--processes <N>',
        'so many server processes on one port, which share POSTGRES_POOL: one that dies is started again, SIGHUP replaces them one by one, SIGTERM drains and ends all (Linux)',
        (text) => wholeNumber('processes', text, 1, 64),
      )
      .action(async ({ processes = 1 }) => {
        const config = readConfig({ port });
        await supervise(script, processes, config, createLog(config, 'optimized'));
      }),
  );
