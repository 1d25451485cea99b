import type { Customer } from '../../src/contract/customer.ts';
import { type Random, random } from '../generate/random.ts';
import type { RunningServer } from '../servers.ts';
import { type Answer, ask, type Ground, list } from './ground.ts';
import type { Read, State, Verdict } from './history.ts';
import type { Register } from './writers.ts';

// Reads of registers. Each is judged against the register's history.

type Page = { count: number | null; results: Customer[] };

interface Question {
  path: string;
  /** whether a state matches the answer */
  shows: (answer: Answer) => Read['shows'];
}

const sorts = ['created', 'points', 'last_name', 'full_name', 'customer_id', 'last_updated'];

const whole = ({ text }: Answer): Read['shows'] => {
  const { results } = JSON.parse(text) as Page;
  return (state) =>
    results.length === state.size && results.every((one) => state.get(one.customer_id) === one.last_name);
};
const counted = ({ text }: Answer): Read['shows'] => {
  const { count } = JSON.parse(text) as Page;
  return (state) => state.size === count;
};
/** `size` customers from position `from` on, in the order of customer_id. */
const part =
  (from: number, size: number) =>
  ({ text }: Answer): Read['shows'] => {
    const shown = (JSON.parse(text) as Page).results
      .map((one) => `${one.customer_id} ${one.last_name}`)
      .join();
    return (state) => textOf(state, from, from + size) === shown;
  };

const texts = new WeakMap<State, string[]>();
function textOf(state: State, from: number, to: number): string {
  let sorted = texts.get(state);
  if (!sorted) {
    sorted = [...state].map(([id, name]) => `${id} ${name}`).sort();
    texts.set(state, sorted);
  }
  return sorted.slice(from, to).join();
}

const favourites = ({ city }: Register): Question[] => [
  { path: `${list}?city=${city}&page_size=100`, shows: whole },
  { path: `${list}?search=${city}&sort_by=last_name&page_size=100`, shows: whole },
  { path: `${list}?city=${city}&count=exact&page_size=1&sort_by=points`, shows: counted },
];

function question(draw: Random, register: Register): Question {
  if (draw.chance(0.5)) return draw.pick(favourites(register));
  const { city, ids } = register;
  const wholeLists = [
    `city=${city}`,
    `search=${city}`,
    `search=chaos+${city}`,
    `first_name=chaos&city=${city.toLowerCase()}`,
  ];
  const kind = draw.int(0, 9);
  if (kind <= 4) {
    const path = `${list}?${draw.pick(wholeLists)}&sort_by=${draw.pick(sorts)}&page_size=100`;
    return { path, shows: whole };
  }
  if (kind <= 7) {
    const page = draw.int(1, 3);
    const path = `${list}?city=${city}&sort_by=customer_id&page_size=3&page=${page}`;
    return { path, shows: part(3 * (page - 1), 3) };
  }
  const [who, id] = draw.pick([...ids, ['none', 999_999_999] as const]);
  return {
    path: `${list}/${id}`,
    shows: ({ status, text }) => {
      const shown = status === 404 ? undefined : (JSON.parse(text) as Customer).last_name;
      return (state) => state.get(who) === shown;
    },
  };
}

/** Reads random registers from random servers until `until` returns true. */
export async function reading(
  ground: Ground,
  registers: Register[],
  until: () => boolean,
  { reader, pause = 0 }: { reader: number; pause?: number },
): Promise<void> {
  const draw = random(ground.seed * 1000 + reader);
  while (!until()) {
    const server = draw.pick(ground.servers);
    const register = draw.pick(registers);
    const { path, shows } = question(draw, register);
    const answer = await ask(server, path);
    check(ground, register, server, path, answer, shows);
    if (pause > 0) await Bun.sleep(pause);
  }
}

/** Sends the most frequent requests to one server. */
export async function readFavourites(
  ground: Ground,
  register: Register,
  server: RunningServer,
): Promise<void> {
  for (const { path, shows } of favourites(register))
    check(ground, register, server, path, await ask(server, path), shows);
}

function check(
  ground: Ground,
  register: Register,
  server: RunningServer,
  path: string,
  answer: Answer,
  shows: Question['shows'],
): void {
  const { findings, redisDown } = ground;
  const { status, cache, sent, answered, text } = answer;
  if (status === 0) return; // a server that was killed
  if (status !== 200 && status !== 404) {
    findings.violation(8, `${path}: ${status} ${text.slice(0, 100)}`);
    return;
  }
  if (redisDown !== null) {
    findings.operation(8);
    if (sent - redisDown > 1000 && cache.includes('local'))
      findings.violation(
        2,
        `${path} from the local cache ${Math.round(sent - redisDown)} ms after Redis stopped answering`,
      );
  }
  const outside = register.server === null;
  const verdict = register.history.judge({ sent, answered, server: server.base, shows: shows(answer) });
  findings.operation(outside ? 4 : register.server?.() === server ? 1 : 2);
  findings.operation(3);
  report(ground, verdict, outside, `${server.base.slice(-5)} ${path} (${cache})`);
}

/** Reads the whole register until the server shows its current state; records the ms from `acked` to the last stale read. */
export async function untilShown(
  { findings }: Ground,
  register: Register,
  server: RunningServer,
  acked: number,
) {
  const now = register.history.now();
  let late = 0;
  for (;;) {
    const answer = await ask(server, `${list}?city=${register.city}&page_size=100`);
    if (answer.status !== 200 || whole(answer)(now)) break;
    late = answer.sent - acked;
    if (late > longest) break;
  }
  findings.window(register.server === null ? 4 : 2, late);
}

/** ms after which another server must show a write, whatever the fault. */
const longest = 1000;

function report({ findings }: Ground, verdict: Verdict, outside: boolean, what: string): void {
  const promise = outside ? 4 : 2;
  if (verdict.kind === 'stale')
    findings.violation(1, `${what}: stale ${Math.round(verdict.ms)} ms after its own write`);
  if (verdict.kind === 'impossible') findings.violation(3, `${what}: a state that never existed`);
  if (verdict.kind !== 'late') return;
  findings.late(promise, verdict.ms);
  if (verdict.ms > longest)
    findings.violation(promise, `${what}: stale ${Math.round(verdict.ms)} ms after a write`);
}
