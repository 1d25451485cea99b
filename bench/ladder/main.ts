import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { writeJson } from '../figures.ts';
import { progress } from '../progress.ts';
import { population, setStage } from '../stage.ts';
import { climb } from './climb.ts';
import { readRungs } from './rung.ts';
import { ladderTable } from './table.ts';

const program = command(
  'ladder',
  'Measures the gain of each optimization alone: one rung each, the same answer in two ways. The answers of both ways are compared first; a difference ends the command.',
)
  .argument('[NAME...]', 'rungs, or substrings of their names, such as 04 or index (default: all)')
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.rounds(3))
  .addOption(option.budget(300))
  .addOption(option.json)
  .action(async (names, { customers, data, rounds, budget, json }) => {
    const rungs = await readRungs();
    const unknown = names.find((name) => !rungs.some((rung) => rung.name.includes(name)));
    if (unknown)
      throw new Stop(`There is no rung "${unknown}". Rungs: ${rungs.map(({ name }) => name).join(', ')}.`);
    const chosen = rungs.filter(
      (rung) => names.length === 0 || names.some((name) => rung.name.includes(name)),
    );
    const stage = await setStage(customers, { data });
    const bar = progress('Measuring the ladder');
    const results = await climb(stage, chosen, { rounds, budget }, bar);
    bar.end(`${results.length} rungs, ${rounds} rounds`);
    console.log(`\n${population(stage)}\n\n${ladderTable(results)}`);
    await writeJson(json, { customers, data, rounds, budget, rungs: results });
  });

if (import.meta.main) await run(program);
