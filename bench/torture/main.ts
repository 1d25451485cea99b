import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { groups } from './check.ts';
import { checks } from './checks.ts';
import { openGround } from './ground.ts';
import { runChecks, told } from './run.ts';

const program = command(
  'torture',
  'Exposes both servers to hostile clients and failing parts, on a PostgreSQL of its own: overload, faults of the database, stops. Prints a line with counts for each check; exit code 1 on any failure.',
)
  .addOption(option.oneOf('only', groups, 'runs only the checks of this group'))
  .option('--quick', 'seconds per check instead of minutes')
  .addOption(option.customersFrom(1_000)(100_000, 'customers in its databases, 1_000 or more'))
  .addOption(option.seed(1))
  .addHelpText('after', `\n${checks.map(({ group, name }) => `  ${group.padEnd(9)} ${name}`).join('\n')}`)
  .action(async ({ only, quick = false, customers, seed }) => {
    const chosen = checks.filter(({ group }) => !only || group === only);
    if (chosen.length === 0) throw new Stop(`There is no check of ${only} yet.`);
    const ground = await openGround({ customers, quick, seed });
    try {
      const results = await runChecks(chosen, ground, (result) => console.log(told(result)));
      const count = (what: (result: (typeof results)[number]) => boolean) => results.filter(what).length;
      const [failed, skipped] = [
        count(({ failures }) => failures.length > 0),
        count(({ skipped }) => !!skipped),
      ];
      console.log(`${results.length - failed - skipped} held, ${failed} failed, ${skipped} skipped`);
      if (failed > 0) process.exitCode = 1;
    } finally {
      await ground.close();
    }
  });

if (import.meta.main) await run(program);
