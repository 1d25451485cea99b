import { Stop } from './command.ts';
import { describe, differential, type Outcome } from './differential.ts';
import { shapes } from './generate/mix.ts';
import { requestsOf } from './mixed.ts';
import type { Plan } from './plan.ts';
import { progress } from './progress.ts';
import { type GeneratedRequest, requests } from './requests.ts';
import { startServer } from './servers.ts';
import type { Stage } from './stage.ts';
import { readVocabulary, type Vocabulary } from './vocabulary.ts';

/**
 * Proves that both servers answer alike what will be measured, and generated requests besides. Throws Stop at the
 * first difference: figures of two servers that do different things say nothing.
 */
export async function prove(
  { environment }: Stage,
  plan: Plan,
  seed: number,
): Promise<{ equality: Outcome; vocabulary: Vocabulary }> {
  const [naive, optimized] = await Promise.all([
    // Slow is no difference: the naive server may take as long as it needs.
    startServer('naive', { ...environment, STATEMENT_TIMEOUT: '0' }),
    startServer('optimized', { ...environment, STATEMENT_TIMEOUT: '0' }),
  ]);
  const vocabulary = await readVocabulary(naive.base);
  const generated = requests(seed, vocabulary);
  const asked: GeneratedRequest[] = [
    ...shapes.flatMap((shape) => requestsOf(shape, seed, vocabulary, plan.perShape)),
    ...Array.from({ length: plan.proved }, () => generated.next().value),
  ];
  const bar = progress('Proving equal answers');
  const outcome = await differential({
    ...{ naiveBase: naive.base, optimizedBase: optimized.base, requests: asked, seed, vocabulary, most: 1 },
    onProgress: (now) => bar.update(now.requests, asked.length, `${now.requests} requests`),
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
  bar.end(`${outcome.requests} requests, ${outcome.pages} pages, no difference`);
  await Promise.all([naive.stop(), optimized.stop()]);
  return { equality: outcome, vocabulary };
}
