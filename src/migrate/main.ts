import { command, run, Stop } from '../cli/command.ts';
import * as option from '../cli/options.ts';
import { showProgress } from '../cli/progress.ts';
import { readConfig } from '../server/config.ts';
import { connected } from '../server/connection.ts';
import { databaseName } from '../server/database.ts';
import { startServices } from '../services/index.ts';
import { bringUp } from './migrate.ts';
import { faultOf, type Kind, stateOf } from './state.ts';

const program = command(
  'migrate',
  'Brings <POSTGRES_DB>_naive and <POSTGRES_DB>_optimized up to the version of this code: the tables by numbered migrations, the read model by making it anew from them. Meanwhile servers answer 503. Interrupt it whenever you like: run again, it goes on where it was.',
)
  .addOption(option.oneOf('only', ['naive', 'optimized'], 'of the databases; both unless given'))
  .option('--rebuild', 'make the read model anew, also where it is of this version or of a newer one')
  .action(async ({ only, rebuild = false }) => {
    const config = readConfig({ port: 0 });
    const { postgres } = await startServices(config);
    const kinds: Kind[] = only ? [only] : ['naive', 'optimized'];
    const shown = showProgress();
    let there = 0;
    try {
      for (const kind of kinds) there += Number(await isBroughtUp(kind, databaseName(config, kind)));
    } finally {
      shown.stop();
    }
    if (there === 0) throw new Stop(`There is no database to migrate. To make one: npm run seed`);

    /** Migrates the database; false if it does not exist. */
    async function isBroughtUp(kind: Kind, database: string): Promise<boolean> {
      const state = await connected({ ...postgres, database }, (sql) => stateOf(sql, kind));
      if (state === 'absent') return false;
      if (state === 'unnumbered') throw new Stop(`${faultOf(state, database)}.`);
      const steps = await bringUp(postgres, kind, database, shown.onProgress, rebuild);
      const done = steps.length > 0 ? `migrated, ${steps.length} steps` : 'nothing to do';
      process.stdout.write(`${database}: ${done}\n`);
      return true;
    }
  });

process.on('SIGINT', () => {
  process.stderr.write(
    '\nInterrupted. Run the same command again: it goes on with the step that was cut off.\n',
  );
  process.exit(130);
});

await run(program);
