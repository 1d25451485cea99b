import type { Search } from '../../contract/search.ts';
import {
  type Condition,
  findPart,
  hasDictionary,
  isPrefix,
  type Known,
  nothing,
} from '../listing/conditions.ts';
import { columnOf } from '../listing/listing.ts';
import { type Bind, columnName, joined, type Sql, sql } from '../listing/sql.ts';
import { askable, type Meanings, meaningOf, notationOf, partsOf, type Query } from './meaning.ts';

// Translates a search to conditions.

/** The tsquery of a text. */
const queryOf = (text: Sql): Sql => sql`websearch_to_tsquery('simple', ${text})`;

// A function, because for the operator the planner would choose an index scan: it does not estimate that most rows pass. The
// query is in a subquery, or it would be parsed again for each row.
const matches = (query: Sql): Sql => sql`ts_match_vq(document, (select ${query}))`;

/**
 * The conditions of a search: one for each word, so that the index can look up the rarest. A word without a lexeme is left out. If no
 * word yields a lexeme, nothing matches.
 */
export function searchConditions(known: Known, search: Search, meanings?: Meanings): Condition[] {
  const numbers = search.kind === 'words' ? [...new Set(search.numbers)] : [];
  const said = partsOf(search).flatMap((text): Condition[] => {
    const meaning = meaningOf(text, meanings);
    const parameter = search.kind === 'words' ? `search ${text}` : 'search';
    return meaning === null ? [] : [saying(known, parameter, text, meaning)];
  });
  const all = [...numbers.map((word) => numberWord(known, word)), ...said];
  return all.length > 0 ? all : [{ ...nothing, parameters: ['search'] }];
}

/** The condition for rows that match a text. If the query of the text is unknown, the index is not used. */
function saying(known: Known, parameter: string, text: string, meaning: Query | undefined): Condition {
  const rowsWith = (query: Query) =>
    typeof query === 'string' ? known.sample().having(query).length : Number.POSITIVE_INFINITY;
  // Rarest first: PostgreSQL reads the posting lists of the first two side by side.
  const asked = meaning === undefined ? [] : askable(meaning).sort((a, b) => rowsWith(a) - rowsWith(b));
  const find = (bind: Bind) => [
    {
      queries:
        typeof meaning === 'string'
          ? [queryOf(bind(text, 'text'))]
          : asked.map((query) => sql`${bind(notationOf(query), 'text')}::tsquery`),
    },
  ];
  return {
    parameters: [parameter],
    isEvaluated: asked.some((query) => typeof query !== 'string'),
    test: (bind) => matches(queryOf(bind(text, 'text'))),
    find: asked.length > 0 ? find : null,
  };
}

/** The condition for a word of digits: a word of the text vector, or a substring of one of the `numbers` columns. */
function numberWord(known: Known, word: string): Condition {
  return {
    ...{ parameters: [`search ${word}`], hasAlternatives: true },
    mergesPrefix: isPrefix(word) && known.listing.numbers.some((column) => !hasDictionary(known, column)),
    lookedUp: known.listing.numbers
      .filter((column) => hasDictionary(known, column))
      .map((column) => columnOf(known.listing, column)),
    test(bind) {
      const part = bind(word, 'text');
      const columns = known.listing.numbers.map((column) => sql`strpos(${columnName(column)}, ${part}) > 0`);
      return joined([matches(queryOf(part)), ...columns], ' or ');
    },
    find(bind) {
      const query = queryOf(bind(word, 'text'));
      return [{ queries: [query] }, ...findPart(known, known.listing.numbers, word, bind)];
    },
    ranked: {
      parameters: [`search ${word} as a word`],
      test: (bind) => matches(queryOf(bind(word, 'text'))),
      find: (bind) => [{ queries: [queryOf(bind(word, 'text'))] }],
    },
  };
}
