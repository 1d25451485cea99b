import { Stop } from './command.ts';
import { describe, differential, type Outcome } from './differential.ts';
import { shapes } from './generate/mix.ts';
import { requestsOf } from './mixed.ts';
import { GaveUp } from './pair.ts';
import type { Plan } from './plan.ts';
import { progress } from './progress.ts';
import { type GeneratedRequest, requests } from './requests.ts';
import { startServer } from './servers.ts';
import type { Stage } from './stage.ts';
import { type Fetch, readVocabulary, type Vocabulary } from './vocabulary.ts';

/**
 * Proves that both servers answer alike what will be measured, and generated requests besides, as many as there is time
 * for. Throws Stop at the first difference: figures of two servers that do different things say nothing.
 */
export async function prove(
  { environment }: Stage,
  plan: Plan,
  seed: number,
): Promise<{ equality: Outcome; vocabulary: Vocabulary }> {
  const [naive, optimized] = await Promise.all([
    startServer('naive', { ...environment, STATEMENT_TIMEOUT: `${plan.cutoff}` }),
    startServer('optimized', { ...environment, STATEMENT_TIMEOUT: `${plan.cutoff}` }),
  ]);
  const vocabulary = await readVocabulary(naive.base);
  const measured = shapes.flatMap((shape) => requestsOf(shape, seed, vocabulary, plan.perShape));
  const bar = progress('Proving equal answers');
  const outcome = await differential({
    ...{ naiveBase: naive.base, optimizedBase: optimized.base, seed, vocabulary, most: 1 },
    requests: asked(measured, requests(seed, vocabulary), plan),
    fetch: givenUpBy(naive.base, plan.cutoff),
    onProgress: (now) => bar.update(now.requests, measured.length + plan.proved, `${now.requests} requests`),
  });
  const [found] = outcome.differences;
  if (found) {
    console.error(describe(found));
    for (const { room, lastWords } of [naive, optimized])
      console.error(`  The ${room} server: ${lastWords()}`);
    throw new Stop(`The servers answer ${found.path} differently (${found.field}), so nothing was measured.`);
  }
  if (outcome.filled === 0)
    throw new Stop('No request found any customer, so nothing was proved or measured.');
  const { requests: compared, pages, unanswered } = outcome;
  const late = unanswered > 0 ? `; ${unanswered} were given up by the naive server` : '';
  bar.end(`${compared} requests, ${pages} pages, no difference${late}`);
  await Promise.all([naive.stop(), optimized.stop()]);
  return { equality: outcome, vocabulary };
}

/** What will be measured, and then what is generated while there is time. */
function* asked(
  measured: GeneratedRequest[],
  generated: Generator<GeneratedRequest, never>,
  { proved, proving }: Plan,
) {
  const until = performance.now() + proving * 1000;
  yield* measured;
  for (let count = 0; count < proved && performance.now() < until; count++) yield generated.next().value;
}

/** Slow is no difference: what the naive server gives up at the limit is not compared. */
const givenUpBy =
  (naiveBase: string, cutoff: number): Fetch =>
  async (request) => {
    const began = performance.now();
    const answer = await fetch(request);
    const late = performance.now() - began >= cutoff;
    if (late && answer.status === 503 && request.url.startsWith(naiveBase)) throw new GaveUp();
    return answer;
  };
