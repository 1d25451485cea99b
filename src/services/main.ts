import { Argument } from '@commander-js/extra-typings';
import { command, run, Stop } from '../cli/command.ts';
import { readConfig } from '../server/config.ts';
import { say } from './fault.ts';
import { servicesStatus, startServices, stopServices } from './index.ts';

const program = command(
  'services',
  'The embedded PostgreSQL and Redis. Data and logs are in .data. POSTGRES_HOST and REDIS_URL name servers of your own (see .env.example).',
)
  .addArgument(
    new Argument(
      '<ACTION>',
      'start: leaves them up; stop: what this project has started; status: name, state and address of each',
    ).choices(['start', 'stop', 'status'] as const),
  )
  .option('--json', 'the state for programs')
  .option(
    '--replica',
    'start: also a second PostgreSQL that follows the first, for POSTGRES_REPLICAS; stop removes it',
  )
  .action(async (action, { json, replica }) => {
    if (replica && action !== 'start') throw new Stop('--replica belongs to start.');
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
