import type { Room } from '../bench/servers.ts';
import { readList } from '../src/contract/list.ts';
import { Problem } from '../src/contract/problem.ts';
import * as naive from '../src/naive/queries.ts';
import { customers, render } from '../src/optimized/columns.ts';
import { listName, readPage, windowOf } from '../src/optimized/listing/pages.ts';
import { connectionSettings } from '../src/optimized/listing/read.ts';
import { openReader } from '../src/optimized/listing/reader.ts';
import { type Address, connect, type Parameter, type Run, type Sql } from '../src/server/database.ts';
import type { Explanation } from './messages.ts';
import { type Logged, summarize } from './plan-tree.ts';

// Only the servers' own code determines the statements of a request. So that code runs once more, on a connection where
// auto_explain reports the plan of every statement.

/**
 * Runs the statements of a list request as the server `room` does, and returns their plans. `url` has the parameters.
 * Throws a Problem: 422 for a bad parameter, 501 if PostgreSQL denies auto_explain.
 */
export async function explain(
  room: Room,
  url: string,
  address: Address,
  database: string,
  signal: AbortSignal,
): Promise<Explanation> {
  const logged: Logged[] = [];
  const onNotice = ({ message = '' }) => {
    const start = message.indexOf('{');
    if (message.startsWith('duration: ') && start > 0) {
      logged.push({
        ms: Number.parseFloat(message.slice('duration: '.length)),
        ...JSON.parse(message.slice(start)),
      });
    }
  };
  const options = { pool: 1, statementTimeout: 120_000, onNotice };
  const sql = connect(address, database, options, room === 'optimized' ? connectionSettings : {});
  try {
    await run[room](sql, url, cancellable(sql, signal));
    return summarize(logged);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

const run: Record<Room, (sql: Sql, url: string, run: Run) => Promise<void>> = {
  async naive(sql, url, run) {
    const asked = readList(url, { cursors: false, count: 'exact' });
    await listen(sql);
    await naive.list(run, asked);
    await naive.count(run, asked);
  },
  async optimized(sql, url, run) {
    const asked = readList(url, { cursors: true, count: 'none' });
    const name = listName(customers, asked);
    const window = windowOf(customers, name, asked);
    const reader = await openReader(sql, customers, render);
    await reader.ready;
    reader.close();
    await listen(sql);
    await readPage(run, reader, asked, name, window);
  },
};

// The name distinguishes this connection from those of the servers.
const listening = `
  set application_name = 'lab';
  load 'auto_explain';
  set auto_explain.log_min_duration = 0;
  set auto_explain.log_analyze = on;
  set auto_explain.log_buffers = on;
  set auto_explain.log_format = json;
  set auto_explain.log_level = notice`;

async function listen(sql: Sql): Promise<void> {
  try {
    await sql.unsafe(listening);
  } catch (error) {
    throw new Problem(501, `PostgreSQL tells no plans here: ${(error as Error).message}.`);
  }
}

/** A runner that cancels its statements when the client no longer waits. */
function cancellable(sql: Sql, signal: AbortSignal): Run {
  const run = async (text: string, parameters: Parameter[], options = { prepare: true }) => {
    signal.throwIfAborted();
    const query = sql.unsafe(text, parameters as never[], options);
    const cancel = () => query.cancel();
    signal.addEventListener('abort', cancel);
    try {
      return await query;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
  return Object.assign(run, { count: 0 }) as Run;
}
