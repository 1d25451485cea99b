import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '../server/config.ts';
import { say } from './fault.ts';
import { ServiceError, servicesStatus, startServices, stopServices } from './index.ts';

const help = `Usage: services start | stop | status [--json]

start    starts the embedded PostgreSQL and Redis, and leaves them up
stop     stops what "start" or any other command of this project has started
status   prints name, state and address of each

--json   the same for programs
--help   this text

Data and logs are in .data. POSTGRES_HOST and REDIS_URL name servers of your own (see .env.example).`;

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof ServiceError || error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { action, json } = readArguments();
  if (action === null) return 0;
  const config = readConfig({ port: 0 });
  const missing = action === 'start' ? (await startServices(config)).redisMissing : null;
  if (action === 'stop') await stopServices();
  const services = await servicesStatus(config);
  if (missing && !services.some(({ note }) => note === missing)) say(missing);
  if (json) console.log(JSON.stringify(services, null, 2));
  else
    for (const { name, state, address, note } of services) {
      console.log(
        [name.padEnd(8), state.padEnd(11), address ?? '', note ? `(${note})` : ''].join(' ').trim(),
      );
    }
  return 0;
}

function readArguments(): { action: 'start' | 'stop' | 'status' | null; json: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [action, ...more] = positionals;
    if (values.help) {
      console.log(help);
      return { action: null, json: false };
    }
    if (more.length === 0 && (action === 'start' || action === 'stop' || action === 'status')) {
      return { action, json: values.json };
    }
    throw new ServiceError(
      `"services" takes start, stop or status, not "${positionals.join(' ')}" (--help says more).`,
    );
  } catch (error) {
    throw error instanceof ServiceError
      ? error
      : new ServiceError(`${(error as Error).message.split('. ')[0]} (--help says more).`);
  }
}
