import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { writeFigures } from '../figures.ts';
import { progress } from '../progress.ts';
import { growthOf } from './growth.ts';
import { measureNaive, measureOptimized } from './measure.ts';
import { type Swept, sweepTable } from './print.ts';
import { type Chosen, openSize, type Size } from './sizes.ts';

const program = command(
  'sweep',
  'Measures every shape of list request in tables of several sizes, on both servers, and prints the growth. Exit code 1 if the growth on the optimized server exceeds a goal.',
)
  .option(
    '--customers <A,B,...>',
    'sizes of the tables',
    option.numbersOf('customers'),
    [30_000, 300_000, 3_000_000],
  )
  .addOption(option.data)
  .addOption(option.only)
  .addOption(
    option
      .oneOf('server', ['optimized', 'both'], 'servers to measure')
      .default('both' as 'optimized' | 'both'),
  )
  .addOption(
    option.users(
      8,
      'concurrent users of the optimized server, each without pauses; the naive server has one',
    ),
  )
  .addOption(option.rounds(2))
  .addOption(option.seconds(1, 'seconds per shape, size and round'))
  .addOption(option.requestsOfEach)
  .addOption(option.cutoff(3))
  .addOption(option.seed(1))
  .addOption(option.json)
  .action(async ({ customers, data, only, server, users, rounds, seconds, requests, cutoff, seed, json }) => {
    const counts = customers.toSorted((a, b) => a - b);
    const chosen: Chosen = { data, only, seed, naive: server !== 'optimized', cutoff };
    const loop = requests === undefined ? { users, seconds } : { users, requests };
    const started = new Date();
    const sizes: Size[] = [];
    for (const customers of counts) sizes.push(await openSize(customers, chosen));
    const names = [...sizes[0]!.shapes.keys()].filter((name) =>
      sizes.every(({ shapes }) => shapes.has(name)),
    );
    if (names.length === 0) throw new Stop(`No shape has "${only}" in its name.`);

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

    console.log(`${data} customers\n`);
    console.log(sweepTable(counts, rows));
    const settings = { ...chosen, ...loop, rounds };
    await writeFigures('sweep', started, json, { counts, settings, shapes: rows });
    if (rows.some(({ growth }) => growth.holds === false)) process.exitCode = 1;
  });

if (import.meta.main) await run(program);
