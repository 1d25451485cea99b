import { createClient } from 'redis';
import { connectTo } from '../../src/server/connection.ts';
import { shapes } from '../generate/mix.ts';
import { requestsOf } from '../generate/mixed.ts';
import { createAndDelete } from '../latency/cases.ts';
import { get, type Latency, measure } from '../latency/measure.ts';
import { startServer } from '../servers.ts';
import type { Stage } from '../stage.ts';
import { readVocabulary } from '../vocabulary.ts';
import type { Setting } from './rung.ts';

export interface Served {
  latency: Latency;
  answers: string[];
  /** Peak memory of the server, plus the growth of Redis. */
  memoryBytes: number | null;
}

/** Requests the same few lists repeatedly from a new optimized server. */
export async function serve(stage: Stage, setting: Setting, budget: number): Promise<Served> {
  const redis = stage.services.redis?.url ?? null;
  const held = await redisBytes(redis);
  const server = await startServer('optimized', { ...stage.environment, ...setting.environment });
  try {
    const vocabulary = await readVocabulary(server.base, 100);
    const shape = shapes.find(({ name }) => name === 'country by points')!;
    const urls = requestsOf(shape, 1, vocabulary, 20).map(({ path }) => server.base + path);
    const answers: string[] = [];
    for (const url of urls) answers.push(resultsOf(await get(url)));
    let turn = 0;
    const ask = () => get(urls[turn++ % urls.length]!);
    const latency = await amongWrites(stage, server.base, setting, () => measure(ask, budget, urls.length));
    const usage = server.usage();
    const memoryBytes = usage && usage.peakBytes + Math.max(0, (await redisBytes(redis)) - held);
    return { latency, answers, memoryBytes };
  } finally {
    await server.stop();
  }
}

/** Runs `work`. If `afterWrite` is set, meanwhile creates and deletes a customer up to a hundred times a second. */
async function amongWrites<T>(
  { services, db }: Stage,
  base: string,
  { afterWrite }: Setting,
  work: () => Promise<T>,
): Promise<T> {
  if (afterWrite === null) return work();
  const sql = connectTo({ ...services.postgres, database: `${db}_optimized` });
  let going = true;
  const write = async () => {
    while (going) {
      await createAndDelete(`${base}/api/v1/customers`, customer);
      await sql.unsafe(afterWrite);
      await Bun.sleep(10);
    }
  };
  const writing = write();
  try {
    return await work();
  } finally {
    going = false;
    await writing;
    await sql.end({ timeout: 5 });
  }
}

// A customer who is in none of the requested lists.
const customer = { first_name: 'Measured', last_name: 'Ladder' };

const resultsOf = (body: ArrayBuffer) =>
  JSON.stringify((JSON.parse(new TextDecoder().decode(body)) as { results: unknown }).results);

async function redisBytes(url: string | null): Promise<number> {
  if (url === null) return 0;
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  const info = await client.info('memory');
  client.destroy();
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0);
}
