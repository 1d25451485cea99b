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

/** An answer as it came, and what is known of its statements by now. */
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
  /** `since` as of performance.now(); `before` is what to show until then */
  { phase: 'awaited'; since: number; before: Answered | null } | { phase: 'down'; detail: string } | Answered;

/** Which process of a server is up, counted from 1; false where none is, and null while it is unknown. */
export type Up = number | false | null;

/**
 * The answer of one side to `request`, asked anew whenever that changes or another process is up. An older request is
 * given up at once, all the way to the database. `onTime` is told how long each answer took, in ms.
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
