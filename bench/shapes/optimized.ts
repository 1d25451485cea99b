import { readList } from '../../src/contract/list.ts';
import { customers, render } from '../../src/optimized/columns.ts';
import { encodeCursor, type Position } from '../../src/optimized/listing/cursor.ts';
import { listName, readPage, windowOf } from '../../src/optimized/listing/pages.ts';
import { connectionSettings, estimate, plan, type Reader } from '../../src/optimized/listing/read.ts';
import { openReader } from '../../src/optimized/listing/reader.ts';
import { understand } from '../../src/optimized/search/meaning.ts';
import { connect, type Parameter, runner, type Sql } from '../../src/server/database.ts';
import type { Stage } from '../stage.ts';

// What these benchmarks use of the optimized server's internals: its statements, connections, cursors and costs.
export { costs, ranking, testing, walking } from '../../src/optimized/listing/costs.ts';
export { customers };

/** A connection to its database, with the server's own settings. */
export const connectAsServer = ({ services, db }: Stage): Sql =>
  connect(services.postgres, `${db}_optimized`, { pool: 1 }, connectionSettings);

const requestOf = (path: string) => readList(`http://list${path}`, { cursors: true, count: 'none' });

export interface Asked {
  title: string;
  text: string;
  parameters: Parameter[];
  /** No statement follows if `final`, or if this one returns `enough` rows. */
  final: boolean;
  enough: number;
}

/** The reader of the server's lists. */
export async function openedReader(sql: Sql): Promise<Reader> {
  const reader = await openReader(sql, customers, render);
  await reader.ready;
  reader.close();
  return reader;
}

/** Reads a list alone: the answer, or null if PostgreSQL canceled it after `limit` ms, and the ms it took. */
export async function readAlone(
  sql: Sql,
  reader: Reader,
  path: string,
  limit: number,
): Promise<{ answer: string | null; ms: number }> {
  const { request, window } = asked(path);
  const name = listName(customers, request);
  const began = performance.now();
  try {
    const { text } = await readPage(runner(sql), reader, request, name, window);
    return { answer: text, ms: Math.min(limit, performance.now() - began) };
  } catch (error) {
    if ((error as { code?: string }).code !== canceled) throw error;
    return { answer: null, ms: limit };
  }
}

/** query_canceled, https://www.postgresql.org/docs/current/errcodes-appendix.html */
const canceled = '57014';

function asked(path: string) {
  const request = requestOf(path);
  return { request, window: windowOf(customers, listName(customers, request), request) };
}

export interface Estimate {
  /** Each condition, and how many rows match it. */
  conditions: { name: string; rows: number; isFindable: boolean }[];
  /** How many rows match all conditions. */
  together: number;
  /** Rows of the order up to the end of the page; null for a list by relevance. */
  distance: number | null;
}

/** The server's estimates for a list request. All numbers are rows of the table. */
export async function estimateOf(sql: Sql, reader: Reader, path: string): Promise<Estimate> {
  const { request, window } = asked(path);
  const { page, seen, ahead } = estimate(reader, await understand(runner(sql), request), window);
  return {
    conditions: page.conditions.map(({ parameters, find }) => ({
      ...{ name: parameters.join(', '), rows: seen.passing(parameters), isFindable: find !== null },
    })),
    together: seen.passing(page.conditions.flatMap(({ parameters }) => parameters)),
    distance: ahead?.distance ?? null,
  };
}

/** The statements for a list request, in the order in which they are sent until one fills the page. */
export async function statementsOf(sql: Sql, reader: Reader, path: string): Promise<Asked[]> {
  const { request, window } = asked(path);
  return [...plan(reader, await understand(runner(sql), request), window)].map(
    ({ text, parameters, final, path: title }) => {
      return { title, text, parameters, final, enough: window.rows };
    },
  );
}

/** Of the list with this path: the direction, and the cursor after a customer with this key. */
export function cursorsOf(path: string) {
  const request = requestOf(path);
  const behind = (key: Position['key'], id: number) =>
    encodeCursor(listName(customers, request), { key, id, backwards: false, inclusive: false });
  return { descending: request.descending, behind };
}
