import { availableParallelism, constants } from 'node:os';
import { alone } from './alone.ts';
import { type Kept, keptFor, newPrefix, startKeeper } from './kept.ts';

// Runs all tests for `npm test`: first the files that may share the processors, several at a time, then those of
// alone.ts, one after the other. With --quick, only the files that quick.toml leaves in; none of alone.ts is among them.
// Starting PostgreSQL and creating the schemas takes seconds of all processors, so it is done per worker, not per file.

let stop: ((signal: NodeJS.Signals) => void) | undefined;
let stopped: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stopped = signal;
    stop?.(signal);
  });

/** Runs `bun test`, and shows its output. Ends this process if it has received a signal. */
async function run(
  args: string[],
  kept: readonly Kept[],
): Promise<{ passed: number; failed: number; code: number }> {
  const environment = { ...process.env, ...keptFor(kept), ...(process.stderr.isTTY && { FORCE_COLOR: '1' }) };
  const child = Bun.spawn([process.execPath, 'test', ...args], {
    ...{ stdin: 'inherit', stdout: 'inherit', stderr: 'pipe', env: environment },
  });
  stop = (signal) => child.kill(signal);
  let said = '';
  const decoder = new TextDecoder();
  for await (const chunk of child.stderr) {
    process.stderr.write(chunk);
    // The summary is at the end.
    said = (said + decoder.decode(chunk, { stream: true })).slice(-100_000);
  }
  const code = await child.exited;
  if (stopped) await exit(128 + constants.signals[stopped]);
  const count = (word: string) =>
    Number([...Bun.stripANSI(said).matchAll(new RegExp(`^ *(\\d+) ${word}$`, 'gm'))].at(-1)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), code };
}

const workers = Math.min(4, availableParallelism());
const keepers = Array.from({ length: workers }, (_, i) => {
  const names = { run: `${process.pid}-${i + 1}`, prefix: newPrefix() };
  return { ...names, ...startKeeper(names.run, names.prefix) };
});
async function exit(code: number): Promise<never> {
  await Promise.all(keepers.map((keeper) => keeper.end()));
  process.exit(code);
}
const kept = await Promise.all(
  keepers.map(async ({ run, prefix, start }): Promise<Kept> => ({ run, prefix, said: await start() })),
);
if (stopped) await exit(128 + constants.signals[stopped]);

const isQuick = process.argv.includes('--quick');
const chosen = isQuick
  ? ['--config=test/quick.toml']
  : alone.map((pattern) => `--path-ignore-patterns=${pattern}`);
// The longest files run first, so that no worker is left with one at the end. `--update-timings` rewrites the file.
const order = '--timings=test/timings.json';
const runs = [await run([`--parallel=${workers}`, order, ...chosen], kept)];
if (!isQuick) {
  // While a file runs alone, no services run besides its own.
  await Promise.all(keepers.splice(1).map((keeper) => keeper.end()));
  runs.push(
    await run(
      alone.map((pattern) => `./${pattern.replace('**', '')}`),
      kept,
    ),
  );
}
const sum = (of: 'passed' | 'failed') => runs.reduce((total, one) => total + one[of], 0);
console.error(`\nAll of it:\n ${sum('passed')} pass\n ${sum('failed')} fail`);
await exit(Math.max(...runs.map(({ code }) => code)));
