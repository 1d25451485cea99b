import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { runChecks, told } from '../torture/run.ts';
import { equal } from './equal.ts';
import { failedOver } from './failover.ts';
import { suffered } from './faults.ts';
import { openCluster } from './ground.ts';

export const checks = [equal, ...suffered, failedOver];

const program = command(
  'cluster',
  'Starts a PostgreSQL with a replica, PgBouncer, two servers and nginx; proves that they answer like one server; ends each part once while users read and write; finally kills two Patroni leaders. Prints a line with counts for each check; exit code 1 on any failure.',
)
  .addOption(option.only)
  .option('--quick', 'fewer requests, and only seconds per fault')
  .addOption(option.customersFrom(1_000)(10_000, 'customers in its database, 1_000 or more'))
  .addOption(option.seed(1))
  .addHelpText('after', `\n${checks.map(({ group, name }) => `  ${group.padEnd(6)} ${name}`).join('\n')}`)
  .action(async ({ only = '', quick = false, customers, seed }) => {
    const cluster = await openCluster({ customers, quick, seed });
    try {
      for (const line of cluster.missing) console.log(`without ${line}`);
      const chosen = checks.filter(({ group, name }) => `${group} ${name}`.includes(only));
      const results = await runChecks(chosen, cluster, (result) => console.log(told(result)));
      const failed = results.filter(({ failures }) => failures.length > 0).length;
      const skipped = results.filter((result) => result.skipped).length;
      console.log(`${results.length - failed - skipped} held, ${failed} failed, ${skipped} skipped`);
      if (failed > 0) process.exitCode = 1;
    } finally {
      await cluster.close();
    }
  });

if (import.meta.main) await run(program);
