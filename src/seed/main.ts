import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { readConfig } from '../server/config.ts';
import { startServices } from '../services/index.ts';
import { dataMeaning, ensureSeeded, readData, SeedError, type Seeded } from './index.ts';
import type { Kind } from './schema.ts';

const help = `Fills the two databases, <POSTGRES_DB>_naive and <POSTGRES_DB>_optimized, with the same rows.

  npm run seed -- [options]

  --customers N   how many; underscores are fine, 0 leaves empty tables (default 100_000)
  --data NAME     ${dataMeaning}
  --seed N        the same seed gives the same rows (default 1)
  --workers N     threads (default: one for each processor, ${availableParallelism()} here)
  --only KIND     naive or optimized
  --force         replace databases that hold something else
  --help

Interrupt it whenever you like: run again, it builds anew what is not complete and skips what is.`;

process.on('SIGINT', () => {
  process.stderr.write('\nInterrupted. Run the same command again to have what is missing.\n');
  process.exit(130);
});

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`seed: ${oneLine(error)}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(`${help}\n`);
    return;
  }
  const config = readConfig({ port: 0 });
  const services = await startServices(config);
  const { help: _, ...options } = args;
  const { databases } = await ensureSeeded({ ...options, services, db: config.postgres.db });
  for (const database of databases) process.stdout.write(`${summary(database, args.customers)}\n`);
}

function readArguments(argv: string[]) {
  const { values } = parseArgs({
    args: argv,
    options: {
      customers: { type: 'string', default: '100_000' },
      data: { type: 'string' },
      seed: { type: 'string', default: '1' },
      workers: { type: 'string', default: String(availableParallelism()) },
      only: { type: 'string' },
      force: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { only, force, help } = values;
  return {
    customers: wholeNumber('--customers', values.customers, 0, 500_000_000),
    data: readData(values.data),
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 32 - 1),
    workers: wholeNumber('--workers', values.workers, 1, 64),
    replace: force,
    help,
    ...(only !== undefined && { only: kindOf(only) }),
  };
}

function kindOf(text: string): Kind {
  if (text === 'naive' || text === 'optimized') return text;
  throw new SeedError(`--only ${text}: naive or optimized, or leave it out for both`);
}

function wholeNumber(option: string, text: string, from: number, to: number): number {
  const value = Number(text.replaceAll('_', ''));
  if (/^\d[\d_]*$/.test(text) && value >= from && value <= to) return value;
  throw new SeedError(`${option} ${text}: a whole number from ${from} to ${to}`);
}

function summary({ name, seeded, seconds }: Seeded, customers: number): string {
  if (!seeded) return `${name}: nothing to do`;
  const rate = Math.round(customers / seconds).toLocaleString('en-US');
  return `${name}: ${customers} customers in ${seconds.toFixed(1)} s, ${rate} a second`;
}

function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = (error as { code?: string }).code ?? '';
  const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'CONNECT_TIMEOUT'].includes(code);
  const hint = unreachable ? 'PostgreSQL cannot be reached, look at POSTGRES_HOST and POSTGRES_PORT: ' : '';
  return hint + message.replace(/\s*\n\s*/g, ' ');
}
