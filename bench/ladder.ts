import { dataMeaning, readData } from '../src/seed/index.ts';
import { command, Stop, wholeNumber } from './command.ts';
import { climb } from './ladder/climb.ts';
import { readRungs } from './ladder/rung.ts';
import { ladderTable } from './ladder/table.ts';
import { progress } from './progress.ts';
import { population, setStage } from './stage.ts';

const usage = `Shows what each optimization buys, alone: one rung each, the same answer by two ways.

  npm run ladder [-- NAME... options]

NAME is a rung or a part of its name, such as 04 or index; without one all are measured.

  --customers N   rows in the database that is made for it (default 100_000)
  --data NAME     ${dataMeaning}
  --rounds N      each with fresh connections, every second one in reverse order (default 3)
  --budget MS     milliseconds to measure each case for (default 300); a slower one is asked once
  --json FILE     writes all figures, rounds and plans to a file
  --help

Before anything is measured the answers of both ways are compared; a difference ends the command.`;

async function main(values: Record<string, string | undefined>, names: string[]): Promise<number> {
  const rungs = await readRungs();
  const unknown = names.find((name) => !rungs.some((rung) => rung.name.includes(name)));
  if (unknown)
    throw new Stop(`There is no rung "${unknown}": there are ${rungs.map(({ name }) => name).join(', ')}.`);
  const pace = {
    rounds: wholeNumber('rounds', values.rounds, 3),
    budget: wholeNumber('budget', values.budget, 300),
  };
  const chosen =
    names.length > 0 ? rungs.filter((rung) => names.some((name) => rung.name.includes(name))) : rungs;
  const data = readData(values.data);
  const stage = await setStage(wholeNumber('customers', values.customers, 100_000), { data });
  const bar = progress('Climbing the ladder');
  const results = await climb(stage, chosen, pace, bar);
  bar.end(`${results.length} rungs, ${pace.rounds} rounds`);
  console.log(`\n${population(stage)}\n\n${ladderTable(results)}`);
  if (values.json)
    await Bun.write(
      values.json,
      `${JSON.stringify({ customers: stage.customers, data, ...pace, rungs: results }, null, 1)}\n`,
    );
  return 0;
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  await command(usage, { customers: text, data: text, rounds: text, budget: text, json: text }, main, {
    takesNames: true,
  });
}
