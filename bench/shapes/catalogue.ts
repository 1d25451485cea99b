import type { Sql } from '../../src/server/database.ts';
import { listPath } from '../requests.ts';
import type { Stage } from '../stage.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { deepShapes } from './deep.ts';
import { readFacts } from './facts.ts';
import { filters, several, single, sorted } from './filters.ts';
import { goalOn, joined } from './goals.ts';
import { hardCases } from './hard.ts';
import { searching } from './searches.ts';
import { type Draft, drawn, type Shape } from './shape.ts';
import { otherSorts, sorting } from './sorts.ts';

/** Different requests per shape, so that no row or plan stays in a cache. */
const perShape = 300;

export interface Wanted {
  seed: number;
  data: Stage['data'];
  /** Substring of the names of the shapes to make; empty for all. */
  only: string;
  /** Also makes a separate shape for each filter with each other sort: hundreds. */
  pairs: boolean;
}

/** Every shape of the table for which some row has a value, with requests drawn from real rows. */
export async function catalogue(
  base: string,
  sql: Sql,
  vocabulary: Vocabulary,
  { seed, data, only, pairs }: Wanted,
): Promise<Shape[]> {
  const facts = await readFacts(sql);
  const drafts = [
    ...[...sorting, ...single, ...searching, ...sorted, ...several, ...hardCases(facts)],
    ...(pairs ? paired : []),
  ];
  const chosen = drafts
    .filter(({ name }) => name.includes(only))
    .map((draft) => drawn(draft, seed, vocabulary, perShape));
  const all = [...chosen, ...(await otherLists(base, sql, facts.customers, only))];
  const empty = all.filter(({ paths }) => paths.length === 0).map(({ name }) => name);
  if (empty.length > 0) console.error(`Skipped, because no row has a value for them: ${empty.join('; ')}.`);
  return all
    .filter(({ paths }) => paths.length > 0)
    .map((shape) => ({ ...shape, goal: goalOn(data, shape.goal) }));
}

const paired: Draft[] = filters.flatMap(({ name, query }) =>
  otherSorts.map(
    (sort): Draft => ({
      name: `pair: ${name}, ${sort.sort_by} ${sort.ordering}`,
      kind: 'filter',
      goal: joined,
      query: (draw, row) => {
        const filter = query(draw, row);
        return filter && { ...filter, ...sort };
      },
    }),
  ),
);

/** Lists that are not drawn from rows. */
async function otherLists(base: string, sql: Sql, customers: number, only: string): Promise<Shape[]> {
  const lastPage = Math.min(500, Math.floor(customers / 20));
  const byNumber: Shape = {
    name: 'page: by number, up to row 10 000',
    kind: 'list',
    goal: joined,
    paths: Array.from({ length: lastPage }, (_, index) => `${listPath}?page=${index + 1}`),
  };
  const numbered = byNumber.name.includes(only) ? [byNumber] : [];
  return [...numbered, ...(await deepShapes(base, sql, customers, only))];
}
