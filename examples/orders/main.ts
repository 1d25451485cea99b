import { command, run } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { connectionSettings } from '../../src/optimized/listing/read.ts';
import { readConfig } from '../../src/server/config.ts';
import { connected } from '../../src/server/connection.ts';
import { connect } from '../../src/server/database.ts';
import { startServices } from '../../src/services/index.ts';
import { build, createOrders } from './server.ts';

const program = command(
  'example',
  'Serves a list of generated orders on 127.0.0.1:8002: another table on the same modules.',
)
  .addOption(option.customers(100_000, 'orders to generate, if there are none yet'))
  .action(async ({ customers: count }) => {
    const { postgres, redis } = await startServices(readConfig({ port: 0 }));
    const database = 'example_orders';
    await connected({ ...postgres, database: 'postgres' }, async (sql) => {
      const [known] = await sql`select from pg_database where datname = ${database}`;
      if (known) return;
      await sql`create database ${sql(`${database}_new`)}`;
      await connected({ ...postgres, database: `${database}_new` }, (made) => build(made, count));
      await sql`alter database ${sql(`${database}_new`)} rename to ${sql(database)}`;
    });
    const sql = connect(postgres, database, { pool: 5 }, connectionSettings);
    const settings = { mode: 'full', timeout: 300, redisUrl: redis?.url ?? null, scope: database } as const;
    const { app } = await createOrders(sql, settings);
    const server = Bun.serve({ port: 8002, hostname: '127.0.0.1', fetch: app.handle });
    console.log(`${server.url}api/v1/orders?customer=okafor&sort_by=amount`);
    await new Promise(() => {});
  });

if (import.meta.main) await run(program);
