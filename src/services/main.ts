import { Argument } from '@commander-js/extra-typings';
import { command, run, Stop } from '../cli/command.ts';
import { readConfig } from '../server/config.ts';
import { say } from './fault.ts';
import { servicesStatus, startServices, stopServices } from './index.ts';

const program = command(
  'services',
  'Starts, stops or lists the embedded PostgreSQL and Redis. Data and logs are in .data. POSTGRES_HOST and REDIS_URL select your own servers instead (see .env.example).',
)
  .addArgument(
    new Argument(
      '<ACTION>',
      'start: starts both and leaves them running; stop: stops what this project has started; status: prints name, state and address of each',
    ).choices(['start', 'stop', 'status'] as const),
  )
  .option('--json', 'prints the status as JSON')
  .option(
    '--replica',
    'with start: also starts a replica of PostgreSQL, for POSTGRES_REPLICAS; stop removes it',
  )
  .action(async (action, { json, replica }) => {
    if (replica && action !== 'start') throw new Stop('--replica works only with start.');
    const config = readConfig({ port: 0 });
    const missing = action === 'start' ? (await startServices(config, { replica })).redisMissing : null;
    if (action === 'stop') await stopServices();
    const services = await servicesStatus(config);
    if (missing && !services.some(({ note }) => note === missing)) say(missing);
    if (json) console.log(JSON.stringify(services, null, 2));
    else
      for (const { name, state, address, note } of services)
        console.log(
          [name.padEnd(8), state.padEnd(11), address ?? '', note ? `(${note})` : ''].join(' ').trim(),
        );
  });

await run(program);
