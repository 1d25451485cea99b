import { readList } from '../../src/contract/list.ts';
import { encodeCursor, type Position } from '../../src/optimized/cursor.ts';
import { createParser } from '../../src/optimized/lexemes.ts';
import { statements } from '../../src/optimized/list.ts';
import { listName, windowOf } from '../../src/optimized/pages.ts';
import { connectionSettings } from '../../src/optimized/queries.ts';
import { contradictory } from '../../src/optimized/ranges.ts';
import { readStatistics } from '../../src/optimized/statistics.ts';
import { connect, type Parameter, runner, type Sql } from '../../src/server/database.ts';
import type { Stage } from '../stage.ts';

// All that the benchmarks know of the optimized server's inside: its statements, its connections, its cursors.

/** A connection to its database, with the settings of its own. */
export const connectAsServer = ({ services, db }: Stage): Sql =>
  connect(services.postgres, `${db}_optimized`, { pool: 1 }, connectionSettings);

const requestOf = (path: string) => readList(`http://list${path}`, { cursors: true, count: 'none' });

export interface Asked {
  title: string;
  text: string;
  parameters: Parameter[];
  /** Whether no other follows, and else how many rows it must give so that none does. */
  final: boolean;
  enough: number;
}

/** The statements for a list request, in the order in which they are asked until one fills the page. */
export async function statementsOf(sql: Sql, path: string): Promise<Asked[]> {
  const request = requestOf(path);
  if (contradictory(request.filters)) return [];
  const window = windowOf(listName(request), request);
  const lexemes = await createParser()(runner(sql), request.search);
  const statistics = { ...(await readStatistics(sql)), lexemes };
  return [...statements(request, window, statistics)].map(({ text, parameters, final, shape }) => {
    return { title: `${shape}`, text, parameters, final, enough: window.rows };
  });
}

/** Of a list, by its path: the direction, and the cursor behind a customer with this key. */
export function cursorsOf(path: string) {
  const request = requestOf(path);
  const behind = (key: Position['key'], id: number) =>
    encodeCursor(listName(request), { key, id, backwards: false, inclusive: false });
  return { descending: request.descending, behind };
}
