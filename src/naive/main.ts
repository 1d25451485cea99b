import { connect, databaseName } from '../server/database.ts';
import { createMetrics } from '../server/metrics.ts';
import { createLog, prepare, serve } from '../server/serve.ts';
import { createApp } from './app.ts';

const room = 'naive';
const { config, services } = await prepare({ port: 8001 });
const sql = connect(services.postgres, databaseName(config, room), config.postgres);
const app = createApp({ sql, config, metrics: createMetrics(), log: createLog(config, room) });
serve(app, { config, room, close: () => sql.end({ timeout: 1 }) });
