import { command } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { ensureSeeded } from '../../src/seed/index.ts';
import { readConfig } from '../../src/server/config.ts';
import { connected } from '../../src/server/connection.ts';
import { startServices } from '../../src/services/index.ts';
import { writeFigures } from '../figures.ts';
import { progress } from '../progress.ts';
import { short, table } from '../table.ts';
import { plainly } from './plain.ts';

const most = 1.5;

export const program = command(
  'bench -- seeding',
  `Seeds the optimized database from nothing, and compares the time with a plain COPY of all its rows from files, followed by building the same keys and indexes. Exit code 1 if seeding takes more than ${most} times as long.`,
)
  .addOption(
    option.customers(
      3_000_000,
      'number of customers; the default needs about ten minutes and temporarily 20 GB on disk',
    ),
  )
  .addOption(option.json)
  .action(async ({ customers, json }) => {
    const started = new Date();
    const config = readConfig({ port: 0 });
    const services = await startServices(config);
    const db = `${config.postgres.db.slice(0, 23)}_seeding`;
    const name = `${db}_optimized`;
    const drop = () =>
      connected({ ...services.postgres, database: 'postgres' }, (sql) =>
        sql.unsafe(`drop database if exists "${name}" with (force)`),
      );
    await drop();
    try {
      const { databases } = await ensureSeeded({ services, db, customers, only: 'optimized', replace: true });
      const { seconds, steps } = databases[0]!;
      const bar = progress('Plain COPY');
      const began = performance.now();
      const plain = await plainly(services.postgres, name, (step) => bar.update(0, 1, step));
      bar.end(`done in ${Math.round((performance.now() - began) / 1000)} s`);

      const ratio = seconds / plain.seconds;
      const s = (value: number) => `${short(value)} s`;
      console.log(`${customers.toLocaleString('en-US')} customers\n`);
      console.log(table([['seeding', s(seconds)], ...steps.map((one) => [one.step, s(one.seconds)])]));
      const parts = [...plain.copies.map((one) => ({ name: `COPY ${one.table}`, ...one })), ...plain.builds];
      console.log(
        `\n${table([['plain', s(plain.seconds)], ...parts.map((one) => [one.name, s(one.seconds)])])}`,
      );
      console.log(`\n${short(ratio)} times as long, goal ≤ ${most}: ${ratio <= most ? 'ok' : 'NO'}`);
      await writeFigures('seeding', started, json, {
        customers,
        ratio,
        goal: most,
        seconds,
        steps,
        plain,
      });
      if (ratio > most) process.exitCode = 1;
    } finally {
      await drop();
    }
  });
