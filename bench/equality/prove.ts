import { Stop } from '../../src/cli/command.ts';
import type { Plan } from '../compare/plan.ts';
import { shapes } from '../generate/mix.ts';
import { requestsOf } from '../generate/mixed.ts';
import { progress } from '../progress.ts';
import { type GeneratedRequest, requests } from '../requests.ts';
import { type RunningServer, startServer } from '../servers.ts';
import type { Stage } from '../stage.ts';
import { readVocabulary, type Vocabulary } from '../vocabulary.ts';
import { describe, differential, type Outcome } from './main.ts';

type Amount = Pick<Plan, 'perShape' | 'proved' | 'proving'>;

interface Proof {
  equality: Outcome;
  vocabulary: Vocabulary;
}

/**
 * Proves that both servers give the same answers to all requests that will be measured, and to as many generated requests
 * as time permits. Statements have no time limit here: the naive server takes minutes to search millions of customers, and
 * only proved requests are measured. Throws Stop at the first difference: figures of two servers that do different things
 * are meaningless.
 */
export async function prove(
  { environment }: Pick<Stage, 'environment'>,
  amount: Amount,
  seed: number,
): Promise<Proof> {
  const unlimited = { ...environment, STATEMENT_TIMEOUT: '0' };
  const servers = await Promise.all([
    startServer('naive', unlimited),
    startServer('optimized', unlimited),
  ] as const);
  try {
    return await proveOn(...servers, amount, seed);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function proveOn(
  naive: RunningServer,
  optimized: RunningServer,
  amount: Amount,
  seed: number,
): Promise<Proof> {
  const vocabulary = await readVocabulary(naive.base);
  const measured = shapes.flatMap((shape) => requestsOf(shape, seed, vocabulary, amount.perShape));
  const bar = progress('Proving equal answers');
  const equality = await differential({
    ...{ naiveBase: naive.base, optimizedBase: optimized.base, seed, vocabulary, most: 1 },
    requests: asked(measured, requests(seed, vocabulary), amount),
    onProgress: (now) =>
      bar.update(now.requests, measured.length + amount.proved, `${now.requests} requests`),
  });
  const [found] = equality.differences;
  if (found) {
    console.error(describe(found));
    for (const { room, lastWords } of [naive, optimized])
      console.error(`  The ${room} server: ${lastWords()}`);
    throw new Stop(`The servers answer ${found.path} differently (${found.field}), so nothing was measured.`);
  }
  if (equality.filled === 0)
    throw new Stop('No request found any customer, so nothing was proved or measured.');
  bar.end(`${equality.requests} requests, ${equality.pages} pages, no difference`);
  return { equality, vocabulary };
}

/** The requests that will be measured, then generated ones until the time is up. */
function* asked(
  measured: GeneratedRequest[],
  generated: Generator<GeneratedRequest, never>,
  { proved, proving }: Amount,
) {
  const until = performance.now() + proving * 1000;
  yield* measured;
  for (let count = 0; count < proved && performance.now() < until; count++) yield generated.next().value;
}
