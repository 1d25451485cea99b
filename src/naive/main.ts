import { createMetrics } from '../server/metrics.ts';
import { createLog, prepare, serve } from '../server/serve.ts';
import { openWatch } from '../server/watch.ts';
import { createApp } from './app.ts';

const room = 'naive';
const { config, sql } = await prepare(room, 8001);
const [metrics, log] = [createMetrics(), createLog(config, room)];
const { watch, tracing } = await openWatch({ config, room, sql, log, metrics });
const app = createApp({ sql, config, metrics, log, watch, tracing });
serve(app, { config, room, close: () => Promise.all([tracing?.close(), sql.end({ timeout: 1 })]) });
