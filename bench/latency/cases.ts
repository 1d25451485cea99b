import type { Room } from '../servers.ts';
import type { Row } from '../vocabulary.ts';
import { get, type Latency, measure } from './measure.ts';

// The micro-benchmarks.

/** The server that a case is measured on. */
export interface Target {
  room: Room;
  /** Address of its list, `http://HOST:PORT/api/v1/customers`. */
  list: string;
}

/** One question. `prepare` is not measured; the call that it returns is measured repeatedly. */
export interface Case {
  question: string;
  prepare: (target: Target) => Promise<() => Promise<unknown>>;
}

interface Page {
  count: number | null;
  next: string | null;
  results: Row[];
}

const read = async <T>(url: string, ...more: [status?: number, init?: RequestInit]) =>
  JSON.parse(new TextDecoder().decode(await get(url, ...more))) as T;

/** Requests one address repeatedly. */
const asking = (question: string, query: string): Case => ({
  question,
  prepare: async ({ list }) => {
    return () => get(list + query);
  },
});

/** The row with which the deep page begins; a smaller table uses its last full page. */
const row = 50_000;
const size = 100;

/** The cases by their names on the command line. */
export const cases: Record<string, Case> = {
  'first-page': asking('The first page: the twenty newest customers', ''),
  'deep-page': {
    question: `The page of ${size} at row ${row.toLocaleString('en-US')}: OFFSET against a cursor`,
    // The contract gives the naive server page numbers and the optimized one cursors this far down.
    async prepare({ list, room }) {
      const first = await read<Page>(`${list}?page_size=${size}&count=exact`);
      const pages = Math.max(0, Math.min(row / size, Math.floor(first.count! / size) - 1));
      let url = `${list}?page_size=${size}`;
      if (room === 'naive') url += `&page=${pages + 1}`;
      else for (let at = 0; at < pages; at++) url = (await read<Page>(url)).next ?? url;
      return () => get(url);
    },
  },
  filter: asking('A filter by first name: Anthony, newest first', '?first_name=Anthony'),
  count: asking(
    'A filter by first name, with the exact count on both servers',
    '?first_name=Anthony&count=exact',
  ),
  search: asking('A search for two words: Nicholas Heights', '?search=Nicholas%20Heights'),
  sort: asking('The twenty customers with the most points', '?sort_by=points'),
  'one-customer': {
    question: 'One customer by id, of a hundred in turn',
    async prepare({ list }) {
      const { results } = await read<Page>(`${list}?sort_by=customer_id&page_size=100&count=none`);
      let turn = 0;
      return () => get(`${list}/${results[turn++ % results.length]!.id}`);
    },
  },
  create: {
    question: 'A customer created and deleted again: two requests',
    prepare: async ({ list }) => {
      return () => createAndDelete(list, measuredCustomer);
    },
  },
};

const measuredCustomer = {
  first_name: 'Measured',
  last_name: 'Benchmark',
  address: { country: 'Testland', city: 'Testville', city_code: '12345' },
  relationship: { points: 100 },
};

/** Deletes each customer again, so that both databases keep the same rows. */
export async function createAndDelete(list: string, customer: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(customer);
  const { id } = await read<{ id: number }>(list, 201, { method: 'POST', headers, body });
  await get(`${list}/${id}`, 204, { method: 'DELETE' });
}

/** Measures for about `budget` milliseconds (for slow calls see `measure`). `around` wraps each call. */
export async function runCase(
  one: Case,
  target: Target,
  budget: number,
  around = (call: () => Promise<unknown>) => call,
): Promise<Latency> {
  return measure(around(await one.prepare(target)), budget);
}
