import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureSeeded } from '../src/seed/index.ts';
import { readConfig } from '../src/server/config.ts';
import { connected } from '../src/server/connection.ts';
import { startServices, stopServices } from '../src/services/index.ts';

// `bun test/keeper.ts RUN PREFIX` keeps the services of the test run named RUN. It is a separate process because every process
// that the run has started is killed when a test takes too long, and because it outlives the run. A line on its standard input
// starts the services. The end of that input, however the run ends, stops and removes all that is left.

const [run = '', prefix = ''] = process.argv.slice(2);
const settings = readConfig({ port: 0 });
const foreign = settings.postgres.host !== null;
const folder = join(import.meta.dir, '..', '.data');
const shift = Bun.hash.crc32(run) % 2000;
const ports = { postgres: 56_000 + shift, redis: 61_000 + shift };

for await (const _ of console) console.log(JSON.stringify(await start().catch(told)));
await clear();
if (foreign) await dropDatabases().catch(told);

/** Starts the services, and creates the databases that the tests copy. */
async function start() {
  const config = foreign ? settings : { ...readConfig({ port: 0 }, {}), redisUrl: settings.redisUrl };
  const services = await startServices(config, {
    dataDir: join(folder, `test-${run}`),
    ports,
    throwaway: true,
  });
  await ensureSeeded({ services, db: `${prefix}_empty`, customers: 0, quiet: true });
  return { services };
}

/** Stops everything that runs from `.data/test-RUN` and `.data/test-RUN-…`, and removes these folders. */
async function clear() {
  const ours = new RegExp(`^test-${run}(-|$)`);
  for (const name of readdirSync(folder).filter((each) => ours.test(each))) {
    await stopServices({ dataDir: join(folder, name) }).catch(told);
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function dropDatabases() {
  const { host, port, user, password } = settings.postgres;
  const address = { host: host!, port: port ?? 5432, user, password, database: 'postgres' };
  await connected(address, async (sql) => {
    const left = await sql<{ name: string }[]>`
      select datname as name from pg_database where starts_with(datname, ${prefix})`;
    for (const { name } of left) await sql`drop database if exists ${sql(name)} with (force)`;
  });
}

function told(error: Error) {
  console.error(error.message);
  return { failed: error.message };
}
