import { dataMeaning, readData } from '../../src/seed/index.ts';
import { command, Stop, wholeNumber } from '../command.ts';
import { writeFigures } from '../figures.ts';
import { progress } from '../progress.ts';
import { growthOf } from './growth.ts';
import { measureNaive, measureOptimized } from './measure.ts';
import { type Swept, sweepTable } from './print.ts';
import { type Chosen, openSize, type Size } from './sizes.ts';

const usage = `Measures every shape of list request in tables of several sizes, on both servers, and prints how it grows.

  npm run sweep -- [options]

  --customers A,B,…  sizes, from the smallest (default 30_000,300_000,3_000_000)
  --data NAME        ${dataMeaning}
  --only TEXT        shapes that have TEXT in their names (default: all but the hard cases)
  --server NAME      optimized or both (default both)
  --users N          on the optimized server, each without a pause (default 8); on the naive one there is one
  --rounds N         each shape in all sizes, every second round from the largest to the smallest (default 2)
  --seconds S        for each shape and size in a round (default 1)
  --requests N       instead of seconds, on the optimized server
  --cutoff S         seconds after which a naive request is given up; in larger tables it is not asked any more
                     (default 3)
  --seed N           other values (default 1)
  --json FILE        where all figures go (default .data/bench/sweep-DATE.json)
  --help

Exit code 1 when the optimized server grows beyond a goal.`;

async function main(values: Record<string, string | undefined>): Promise<number> {
  const number = (name: string, otherwise: number, minimum = 1) =>
    wholeNumber(name, values[name], otherwise, minimum);
  if (values.server && values.server !== 'optimized' && values.server !== 'both')
    throw new Stop(`--server ${values.server}: it is optimized or both.`);
  const counts = (values.customers ?? '30_000,300_000,3_000_000')
    .split(',')
    .map((text) => wholeNumber('customers', text.trim(), 0))
    .sort((a, b) => a - b);
  const chosen: Chosen = {
    data: readData(values.data),
    only: values.only,
    seed: number('seed', 1, 0),
    naive: values.server !== 'optimized',
    cutoff: number('cutoff', 3),
  };
  const [users, seconds, rounds] = [number('users', 8), number('seconds', 1), number('rounds', 2)];
  const loop = values.requests ? { users, requests: number('requests', 1) } : { users, seconds };
  const started = new Date();
  const sizes: Size[] = [];
  for (const customers of counts) sizes.push(await openSize(customers, chosen));
  const names = [...sizes[0]!.shapes.keys()].filter((name) => sizes.every(({ shapes }) => shapes.has(name)));
  if (names.length === 0) throw new Stop(`No shape has "${values.only}" in its name.`);

  const rows: Swept[] = [];
  const bar = progress('Sweeping');
  for (const name of names) {
    bar.update(rows.length, names.length, name);
    const { kind } = sizes[0]!.shapes.get(name)!;
    const optimized = await measureOptimized(sizes, name, { rounds, loop });
    const naive = await measureNaive(sizes, name, { seconds, cutoff: chosen.cutoff });
    rows.push({
      name,
      kind,
      optimized,
      naive,
      growth: growthOf(kind, optimized),
      naiveGrowth: growthOf(kind, naive),
    });
  }
  bar.end(`${names.length} shapes in ${sizes.length} sizes`);
  await Promise.all(sizes.map(({ stop }) => stop()));

  console.log(`${chosen.data} customers\n\n${sweepTable(counts, rows)}`);
  const settings = { ...chosen, ...loop, rounds };
  await writeFigures('sweep', started, values.json, { counts, settings, shapes: rows });
  return rows.every(({ growth }) => growth.holds !== false) ? 0 : 1;
}

const text = { type: 'string' } as const;
const options = {
  ...{ customers: text, data: text, only: text, server: text, users: text, rounds: text, seconds: text },
  ...{ requests: text, cutoff: text, seed: text, json: text },
};
await command(usage, options, main);
