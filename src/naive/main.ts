import { createMetrics } from '../server/metrics.ts';
import { createLog, prepare, serve } from '../server/serve.ts';
import { createApp } from './app.ts';

const room = 'naive';
const { config, sql } = await prepare(room, 8001);
const app = createApp({ sql, config, metrics: createMetrics(), log: createLog(config, room) });
serve(app, { config, room, close: () => sql.end({ timeout: 1 }) });
