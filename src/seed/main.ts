import { availableParallelism } from 'node:os';
import { command, run } from '../cli/command.ts';
import * as option from '../cli/options.ts';
import { readConfig } from '../server/config.ts';
import { startServices } from '../services/index.ts';
import { ensureSeeded, type Seeded } from './index.ts';

const program = command(
  'seed',
  'Fills the two databases, <POSTGRES_DB>_naive and <POSTGRES_DB>_optimized, with the same rows. Interrupt it whenever you like: run again, it builds anew what is not complete and skips what is.',
)
  .addOption(
    option.customersFrom(0, 500_000_000)(100_000, 'how many; underscores are fine, 0 leaves empty tables'),
  )
  .addOption(option.data)
  .addOption(option.seed(1))
  .addOption(option.workers(availableParallelism()))
  .addOption(option.oneOf('only', ['naive', 'optimized'], 'of the databases; both unless given'))
  .option('--force', 'replace databases that hold something else')
  .action(async ({ customers, data, seed, workers, only, force = false }) => {
    const config = readConfig({ port: 0 });
    const services = await startServices(config);
    const asked = { customers, data, seed, workers, only, replace: force };
    const { databases } = await ensureSeeded({ ...asked, services, db: config.postgres.db });
    for (const database of databases) process.stdout.write(`${summary(database, customers)}\n`);
  });

process.on('SIGINT', () => {
  process.stderr.write('\nInterrupted. Run the same command again to have what is missing.\n');
  process.exit(130);
});

await run(program);

function summary({ name, seeded, seconds, steps }: Seeded, customers: number): string {
  if (!seeded)
    return steps.length > 0 ? `${name}: migrated in ${seconds.toFixed(1)} s` : `${name}: nothing to do`;
  const rate = Math.round(customers / seconds).toLocaleString('en-US');
  return `${name}: ${customers} customers in ${seconds.toFixed(1)} s, ${rate} a second`;
}
