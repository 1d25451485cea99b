import { Stop } from '../../src/cli/command.ts';
import type { GeneratedRequest } from '../requests.ts';
import type { Fetch } from '../vocabulary.ts';
import { type Answer, type Difference, difference, readAnswer, resultsText } from './equal.ts';

/** Two servers that must give the same answers; addresses without a trailing slash. */
export interface Bases {
  naiveBase: string;
  optimizedBase: string;
}

export interface Compared {
  /** Pages compared, including those of a walk. */
  pages: number;
  /** Whether the first answer contained any customer: two empty answers are trivially equal. */
  filled: boolean;
  /** `step`: `first answer`, `repeated request`, `page 3 by next`, `page 2 by previous`. */
  found: (Difference & { step: string }) | null;
}

/** Milliseconds. The naive server takes minutes to search millions of customers. */
const patience = 1_800_000;

/**
 * Sends a request to both servers and compares the first answers, then a second answer of the optimized server, which may
 * come from a cache, or each page of a walk, forth and back. Throws Stop if a server does not answer.
 */
export async function compareOn(
  { naiveBase, optimizedBase }: Bases,
  request: GeneratedRequest,
  send: Fetch = fetch,
): Promise<Compared> {
  const path = request.status === 200 ? withCount(request.path) : request.path;
  const ask = (base: string) => answerOf(base + path, send);
  const [naive, optimized] = await Promise.all([ask(naiveBase), ask(optimizedBase)]);
  const first = difference(naive, optimized, request.status);
  const filled = resultsText(naive.text).length > '[]'.length;
  if (first) return { filled, pages: 1, found: { ...first, step: 'first answer' } };
  if (request.walk > 0) return { filled, ...(await walk([naive, optimized], request.walk, send)) };
  const again = difference(naive, await ask(optimizedBase));
  return { filled, pages: 2, found: again && { ...again, step: 'repeated request' } };
}

/** Adds a missing `count`: its default is the only intended difference between the servers. */
function withCount(path: string): string {
  if (/[?&]count=/.test(path)) return path;
  return `${path}${path.includes('?') ? '&' : '?'}count=none`;
}

type Pair = [naive: Answer, optimized: Answer];

/** Follows each server's own links, `next` for up to `most` pages, then `previous` back to the first. */
async function walk(first: Pair, most: number, send: Fetch): Promise<Omit<Compared, 'filled'>> {
  const forth: Pair[] = [first];
  let pages = 1;
  while (forth.length <= most) {
    const pair = await follow(forth.at(-1)!, 'next', send);
    if (!pair) break;
    pages++;
    forth.push(pair);
    const found = difference(...pair, 200);
    if (found) return { pages, found: { ...found, step: `page ${forth.length} by next` } };
  }
  let from = forth.at(-1)!;
  for (let page = forth.length - 1; page > 0; page--) {
    const step = `page ${page} by previous`;
    const back = await follow(from, 'previous', send);
    if (!back) return { pages, found: { field: 'previous', naive: 'none', optimized: 'none', step } };
    pages++;
    const found = difference(...back, 200) ?? changed(forth[page - 1]!, back);
    if (found) return { pages, found: { ...found, step } };
    from = back;
  }
  return { pages, found: null };
}

/** Null at the end. `difference` has checked before that both servers end at the same page. */
async function follow(from: Pair, link: 'next' | 'previous', send: Fetch): Promise<Pair | null> {
  const [naive, optimized] = from.map((answer) => (JSON.parse(answer.text) as Record<string, string>)[link]);
  return naive && optimized ? Promise.all([answerOf(naive, send), answerOf(optimized, send)]) : null;
}

/** A page must be the same by `next` and by `previous`. */
function changed(forth: Pair, back: Pair): Difference | null {
  const sides = [0, 1].map((side) => {
    const [was, is] = [resultsText(forth[side]!.text), resultsText(back[side]!.text)];
    return was === is ? null : `forward ${was}, back ${is}`;
  });
  if (sides.every((side) => side === null)) return null;
  const [naive, optimized] = sides.map((side) => side ?? 'the same');
  return { field: 'results forward and back', naive: naive!, optimized: optimized! };
}

/** By default Bun's fetch gives up after five minutes. */
const withPatience = () => ({ signal: AbortSignal.timeout(patience), timeout: false }) as RequestInit;

async function answerOf(url: string, send: Fetch): Promise<Answer> {
  try {
    return await readAnswer(await send(new Request(url, withPatience())));
  } catch (error) {
    throw new Stop(`${url} gave no answer: ${(error as Error).message}`);
  }
}
