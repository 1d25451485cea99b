import { availableParallelism, constants } from 'node:os';
import { alone } from './alone.ts';

// All tests, as `npm test` runs them: first the files that may share the processors, several at a time; then those
// of alone.ts, one after the other.

let stop: ((signal: NodeJS.Signals) => void) | undefined;
let stopped: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    stopped = signal;
    stop?.(signal);
  });

/** Runs `bun test`, and shows what it says. Ends this process where it was told to. */
async function run(args: string[]): Promise<{ passed: number; failed: number; code: number }> {
  const environment = process.stderr.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env;
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
  if (stopped) process.exit(128 + constants.signals[stopped]);
  const count = (word: string) =>
    Number([...Bun.stripANSI(said).matchAll(new RegExp(`^ *(\\d+) ${word}$`, 'gm'))].at(-1)?.[1] ?? 0);
  return { passed: count('pass'), failed: count('fail'), code };
}

const workers = Math.min(4, availableParallelism());
const ignored = alone.map((pattern) => `--path-ignore-patterns=${pattern}`);
const runs = [
  await run([`--parallel=${workers}`, ...ignored]),
  await run(alone.map((pattern) => `./${pattern.replace('**', '')}`)),
];
const sum = (of: 'passed' | 'failed') => runs.reduce((total, one) => total + one[of], 0);
console.error(`\nAll of it:\n ${sum('passed')} pass\n ${sum('failed')} fail`);
process.exit(Math.max(...runs.map(({ code }) => code)));
