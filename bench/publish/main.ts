import { command, run, Stop } from '../../src/cli/command.ts';
import { changedFiles, commit } from '../machine.ts';
import { isDone, type Stage, stages } from './stages.ts';

const several = (name: string, before: string[] = []) => [...before, name];

const program = command(
  'publish-results',
  'Measures all that README and docs show, and writes it there with the commit. Takes some hours.',
)
  .option('--only <STAGE>', 'runs only this stage; repeatable', several)
  .option('--skip <STAGE>', 'skips this stage; repeatable', several)
  .option('--again', 'also runs finished stages')
  .option('--list', 'lists the stages and whether they are finished')
  .addHelpText(
    'after',
    `
${stages.map(({ name, what }) => `  ${name.padEnd(16)} ${what}`).join('\n')}

Safe to interrupt and run again: a stage that is finished for this commit is skipped. Everything except its own output
(README.md, ARCHITECTURE.md, docs, bench/results) must be committed.`,
  )
  .action(async ({ only, skip = [], again, list }) => {
    const unknown = [...(only ?? []), ...skip].find((name) => !stages.some((stage) => stage.name === name));
    if (unknown)
      throw new Stop(`There is no stage "${unknown}". Stages: ${stages.map(({ name }) => name).join(', ')}.`);
    const chosen = stages.filter(({ name }) => (only?.includes(name) ?? true) && !skip.includes(name));
    if (list) {
      for (const stage of chosen)
        console.log(
          `${stage.name.padEnd(16)} ${(await isDone(stage)) ? 'finished' : 'to do'}: ${stage.what}`,
        );
      return;
    }
    assertClean();
    for (const [index, stage] of chosen.entries()) {
      const place = `Publishing ${index + 1} of ${chosen.length}, ${stage.name}`;
      if (!again && (await isDone(stage))) console.error(`${place}: already finished.`);
      else {
        console.error(`${place}: ${stage.what}`);
        await carryOut(stage);
      }
    }
  });

/** Figures have to belong to a commit. */
function assertClean(): void {
  if (commit() === null) throw new Stop('This is not a git checkout, so there is no commit for the figures.');
  const [first, ...more] = changedFiles();
  if (first)
    throw new Stop(
      `Commit your changes first: ${first}${more.length > 0 ? ` and ${more.length} more` : ''}. Figures need a commit.`,
    );
}

async function carryOut(stage: Stage): Promise<void> {
  if (typeof stage.work === 'function') return stage.work();
  const child = Bun.spawn([process.execPath, ...stage.work], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await child.exited;
  // A missed goal is a result, too, with exit code 1.
  if (!(await isDone(stage)))
    throw new Stop(`The stage ${stage.name} did not finish (exit code ${code}): run the same command again.`);
}

if (import.meta.main) await run(program);
