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
  'Brings <POSTGRES_DB>_naive and <POSTGRES_DB>_optimized up to the version of this code: numbered migrations of the tables, and a rebuild of the read model from them. Meanwhile servers answer 503. Safe to interrupt: run it again, and it resumes where it stopped.',
)
  .addOption(option.oneOf('only', ['naive', 'optimized'], 'migrates only this database (default: both)'))
  .option('--rebuild', 'rebuilds the read model, even if it has this version or a newer one')
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
    if (there === 0) throw new Stop(`There is no database to migrate. To create one: npm run seed`);

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
  process.stderr.write('\nInterrupted. Run the same command again to resume with the interrupted step.\n');
  process.exit(130);
});

await run(program);
