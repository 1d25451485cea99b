import { closedLoop } from '../../client/closed-loop.ts';
import { call } from '../../client/wire.ts';
import { latency } from '../../latency/measure.ts';
import { listPath } from '../../requests.ts';
import { startServer } from '../../servers.ts';
import { short } from '../../table.ts';
import type { Check, Setting } from './check.ts';

const users = 8;
const counting = 8;
const most = 2;
/** Each counts nearly all rows and differs from the others. */
const counts = Array.from({ length: 50 }, (_, points) =>
  call(`${listPath}?min_points=${points}&count=exact&page_size=1`),
);

/** The effect of exact counts of nearly all rows, eight at a time, on concurrent lists: all sorts, no filter. */
export async function countsBeside({ stage, shapes, seconds }: Setting): Promise<Check[]> {
  const name = `counts: exact ones of nearly everything, ${counting} at a time`;
  const goal = `p99 of lists ≤ ${most} times that without them; each count answered, or refused at once`;
  const sorts = shapes.filter((shape) => shape.name.startsWith('sort:'));
  const lists = sorts.flatMap(({ paths }) => paths.slice(0, 1).map((path) => call(path)));
  const server = await startServer('optimized', { ...stage.environment, CACHE: 'off' });
  try {
    const list = () => closedLoop(server.base, lists, { users, seconds: seconds / 3 });
    await list();
    const alone = await list();
    const [beside, counted] = await Promise.all([
      list(),
      closedLoop(server.base, counts, { users: counting, seconds: seconds / 3 }),
    ]);
    server.assertAlive();
    const [without, among] = [alone, beside].map(({ samples }) => latency(samples.map(({ ms }) => ms)).p99);
    const refused = counted.failures.filter(({ why }) => why === 'status 503').length;
    const failed = alone.failures.length + beside.failures.length + counted.failures.length - refused;
    const ratio = among! / without!;
    const found = `p99 ${short(without!)} ms alone, ${short(among!)} ms with the counts: ${short(ratio)} times; ${counted.samples.length} counts answered, ${refused} refused, ${failed} failed`;
    const figures = { without, among, answered: counted.samples.length, refused, failed };
    return [{ name, goal, found, holds: ratio <= most && failed === 0, figures }];
  } finally {
    await server.stop();
  }
}
