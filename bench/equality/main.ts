import { mkdir } from 'node:fs/promises';
import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import type { ProfileName } from '../../src/seed/index.ts';
import { progress } from '../progress.ts';
import { type GeneratedRequest, requests } from '../requests.ts';
import { startServer } from '../servers.ts';
import { population, setStage } from '../stage.ts';
import { type Fetch, readVocabulary, type Vocabulary } from '../vocabulary.ts';
import type { Difference } from './equal.ts';
import { type Bases, compareOn } from './pair.ts';

export interface Found extends Difference {
  /** Index of the request in the generated list, from 0. */
  index: number;
  shape: string;
  path: string;
  step: string;
}

export interface Outcome {
  requests: number;
  /** Requests that found customers; if these are few, little was proved. */
  filled: number;
  /** Pages compared, including those of walks and repeated ones. */
  pages: number;
  differences: Found[];
  seconds: number;
}

export interface DifferentialOptions extends Bases {
  /** Number of generated requests, or the requests themselves. */
  requests: number | Iterable<GeneratedRequest>;
  seed: number;
  vocabulary: Vocabulary;
  /** Requests in flight at once. */
  concurrency?: number;
  /** Stops after this many differences, because they repeat. */
  most?: number;
  onProgress?: (outcome: Outcome) => void;
  onDifference?: (found: Found) => void;
  fetch?: Fetch;
}

/** Sends generated requests to both servers and compares the answers. Throws Stop if a server does not answer. */
export async function differential(options: DifferentialOptions): Promise<Outcome> {
  const { concurrency = 3, most = 20 } = options;
  const began = performance.now();
  const outcome: Outcome = { requests: 0, filled: 0, pages: 0, differences: [], seconds: 0 };
  const source = numbered(options);

  async function work(): Promise<void> {
    for (const [index, request] of source) {
      const { pages, filled, found } = await compareOn(options, request, options.fetch);
      outcome.requests++;
      outcome.pages += pages;
      if (filled) outcome.filled++;
      outcome.seconds = (performance.now() - began) / 1000;
      if (found) {
        const all: Found = { index, shape: request.shape, path: request.path, ...found };
        outcome.differences.push(all);
        options.onDifference?.(all);
      }
      options.onProgress?.(outcome);
      if (outcome.differences.length >= most) return;
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));
  outcome.differences.sort((a, b) => a.index - b.index);
  return outcome;
}

/** One source for all workers: each request goes to one of them. */
function* numbered({ requests: wanted, seed, vocabulary }: DifferentialOptions) {
  const count = typeof wanted === 'number' ? wanted : Number.POSITIVE_INFINITY;
  const source = typeof wanted === 'number' ? requests(seed, vocabulary) : wanted;
  let index = 0;
  for (const request of source) {
    if (index >= count) return;
    yield [index++, request] as const;
  }
}

/** A readable difference: the request, and both answers around the first character that differs. */
export function describe({ index, shape, step, path, field, naive, optimized }: Found): string {
  let start = 0;
  while (start < naive.length && naive[start] === optimized[start]) start++;
  const around = (text: string) => {
    const from = Math.max(0, start - 60);
    return `${from > 0 ? '…' : ''}${text.slice(from, start + 240)}${text.length > start + 240 ? '…' : ''}`;
  };
  return `Request ${index} (${shape}), ${step}: ${field} differs
  GET       ${path}
  naive     ${around(naive)}
  optimized ${around(optimized)}`;
}

const program = command(
  'differential',
  'Sends generated requests to both servers and compares every answer; exit code 1 on any difference. All differences are written to .data/differential.',
)
  .addOption(option.requests(1_000))
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.dataSeed)
  .addOption(option.seed(7))
  .addOption(option.concurrency(3))
  .option(
    '--naive <URL>',
    'a running server, instead of starting one; requires --optimized, and the same data in both',
  )
  .option('--optimized <URL>', 'the same for the optimized server')
  .action(async ({ requests: wanted, customers, data, dataSeed, seed, concurrency, naive, optimized }) => {
    const bases = await findServers(naive, optimized, { customers, data, dataSeed });
    const vocabulary = await readVocabulary(bases.naiveBase);
    const bar = progress('Comparing');
    const outcome = await differential({
      ...bases,
      ...{ requests: wanted, seed, vocabulary, concurrency },
      onProgress: (now) => bar.update(now.requests, wanted, `${now.requests} requests, ${now.pages} pages`),
      onDifference: (found) => bar.end(describe(found)),
    });
    const { requests: done, filled, pages, differences, seconds } = outcome;
    bar.end(`done in ${Math.round(seconds)} s`);
    const settings = naive ? { seed } : { customers, data, dataSeed, seed };
    if (differences.length > 0) console.log(`All differences: ${await write(outcome, settings)}`);
    const early = done < wanted ? ` Stopped before the other ${wanted - done} requests.` : '';
    console.log(
      `${done} requests (${filled} found customers), ${pages} pages, ${differences.length} differences.${early}`,
    );
    if (filled === 0)
      throw new Stop('No request found any customer, so nothing was proved. Fill both databases.');
    if (differences.length > 0) process.exitCode = 1;
  });

async function findServers(
  naive: string | undefined,
  optimized: string | undefined,
  { customers, data, dataSeed }: { customers: number; data: ProfileName; dataSeed: number },
): Promise<Bases> {
  const trimmed = (url: string) => url.replace(/\/+$/, '');
  if (naive && optimized) return { naiveBase: trimmed(naive), optimizedBase: trimmed(optimized) };
  if (naive || optimized) throw new Stop('Name both servers, --naive URL and --optimized URL, or none.');
  const stage = await setStage(customers, { data, seed: dataSeed });
  console.log(`On ${population(stage)}.`);
  // A slow answer is not a difference, so statements have no time limit.
  const environment = { ...stage.environment, STATEMENT_TIMEOUT: '0' };
  const [one, other] = await Promise.all([
    startServer('naive', environment),
    startServer('optimized', environment),
  ]);
  return { naiveBase: one.base, optimizedBase: other.base };
}

async function write(outcome: Outcome, settings: { seed: number }): Promise<string> {
  const folder = '.data/differential';
  await mkdir(folder, { recursive: true });
  const file = `${folder}/${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}-seed-${settings.seed}.json`;
  await Bun.write(file, JSON.stringify({ settings, ...outcome }, null, 2));
  return file;
}

if (import.meta.main) await run(program);
