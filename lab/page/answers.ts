import { useEffect, useState } from 'preact/hooks';
import type { Room } from '../../bench/servers.ts';
import type { Customer } from '../../src/contract/customer.ts';
import type { Explanation } from '../messages.ts';
import { queryOf, type Request } from './request.ts';

export interface Page {
  count: number | null;
  next: string | null;
  previous: string | null;
  results: Customer[];
  performance: { execution_time_s: number; query_count: number };
}

export interface Problem {
  detail: string;
  errors?: { parameter?: string; message: string }[];
}

/** A response as received, and what is known of its statements so far. */
export interface Answered {
  phase: 'answered';
  request: Request;
  status: number;
  text: string;
  ms: number;
  cache: string | null;
  page: Page | null;
  problem: Problem | null;
  plans: Explanation | 'awaited' | { missing: string };
}

export type Answer =
  /** `since`: from performance.now(); `before`: shown until the response arrives */
  { phase: 'awaited'; since: number; before: Answered | null } | { phase: 'down'; detail: string } | Answered;

/** Which process of a server is up, counted from 1; false if none is, and null while that is unknown. */
export type Up = number | false | null;

/**
 * The response of one server to `request`, sent again if that changes or another process is up. The previous request is
 * cancelled at once, down to the database. `onTime` receives the duration of each response, in ms.
 */
export function useAnswer(room: Room, request: Request, up: Up, onTime: (ms: number) => void): Answer {
  const [answer, setAnswer] = useState<Answer>({ phase: 'awaited', since: performance.now(), before: null });
  useEffect(() => {
    if (up === null) return;
    if (up === false) return setAnswer({ phase: 'down', detail: `The ${room} server does not run.` });
    const abort = new AbortController();
    const set = (next: Answer) => abort.signal.aborted || setAnswer(next);
    const begin = setTimeout(async () => {
      setAnswer((now) => ({ phase: 'awaited', since: performance.now(), before: shown(now) }));
      try {
        const answered = await ask(room, request, abort.signal);
        set(answered);
        if (answered.phase !== 'answered') return;
        onTime(answered.ms);
        if (answered.page) set({ ...answered, plans: await explain(room, request, abort.signal) });
      } catch {
        set({ phase: 'down', detail: 'The lab itself does not answer: is "npm run lab" still running?' });
      }
    }, request.delay);
    return () => {
      clearTimeout(begin);
      abort.abort();
    };
  }, [room, request, up]);
  return answer;
}

const shown = (answer: Answer): Answered | null =>
  answer.phase === 'answered' ? answer : answer.phase === 'awaited' ? answer.before : null;

async function ask(room: Room, request: Request, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(`/ask/${room}?${queryOf(request, room)}`, { signal });
  const text = await response.text();
  const body = JSON.parse(text);
  if (response.status === 502) return { phase: 'down', detail: body.detail };
  return {
    phase: 'answered',
    request,
    status: response.status,
    text,
    ms: Number(response.headers.get('lab-time')),
    cache: response.headers.get('cache-status'),
    ...(response.ok ? { page: body, problem: null } : { page: null, problem: body }),
    plans: 'awaited',
  };
}

async function explain(room: Room, request: Request, signal: AbortSignal): Promise<Answered['plans']> {
  const response = await fetch(`/plan/${room}?${queryOf(request, room)}`, { signal });
  return response.ok ? await response.json() : { missing: (await response.json()).detail };
}
