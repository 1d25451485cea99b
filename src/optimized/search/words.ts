import type { Search } from '../../contract/search.ts';
import {
  type Condition,
  conjunction,
  findPart,
  hasDictionary,
  isPrefix,
  type Known,
} from '../listing/conditions.ts';
import { columnOf } from '../listing/listing.ts';
import { isFindable, isSpoken, mayForbid, partsOf } from '../listing/match.ts';
import { type Bind, joined, literal, name, type Sql, sql } from '../listing/sql.ts';

// A search as conditions. PostgreSQL alone decides what a word is: its parser and its case mapping follow its own edition
// of Unicode and the database's locale.

/** The query of a text with operators. */
const parsed = (text: Sql): Sql => sql`websearch_to_tsquery('simple', ${text})`;

/** The query of a number whose sign is no operator. */
const signed = (text: Sql): Sql => sql`plainto_tsquery('simple', ${text})`;

// As a function: the operator would be taken for a search in the index by the planner, which does not know that most
// rows pass. The query is in a subquery, or it would be parsed anew for each row.
const matches = (query: Sql): Sql => sql`ts_match_vq(document, (select ${query}))`;

/** The conditions of a search. */
export function searchConditions(known: Known, search: Search): Condition[] {
  if (search.kind === 'query') {
    const query = (bind: Bind) => parsed(bind(search.text, 'text'));
    return [
      {
        parameters: ['search'],
        isEvaluated: true,
        test: (bind) => matches(query(bind)),
        find: isFindable(search) ? (bind) => [{ queries: [query(bind)] }] : null,
      },
    ];
  }
  const numbers = [...new Set(search.numbers)];
  const words = search.words.filter((word) => !search.numbers.includes(word));
  const found = numbers.map((word) => numberWord(known, word));
  if (words.length === 0 && numbers.length > 0) return found;
  return [...found, ...together(words, numbers.length > 0)];
}

// What is not of letters and digits of well-known alphabets may have nothing searchable in it, and is skipped then. A test
// asks PostgreSQL about every character.
const letters = '[0-9A-Za-zÀ-ÖØ-öø-ɏΑ-Ρα-ωА-я]';
/** Whether a word surely has something searchable in it. */
export const isSearchable = (word: string) => new RegExp(`^${letters}+(['.-]${letters}+)*$`).test(word);

/** A word, such as a date, whose parts are surely what the parser finds. That they are side by side is tested on the row. */
const isOfNumbers = (word: string) => /^\d+(-\d+)+$/.test(word);

/** Words that all must match. Those that surely are searchable are one condition each, so that the rarest can be found. */
function together(words: string[], hasOthers: boolean): Condition[] {
  const sure = words.filter(isSearchable);
  const others = words.filter((word) => !isSearchable(word));
  const conditions = sure.map((word): Condition => {
    const query = (bind: Bind) => parsed(bind(word, 'text'));
    return {
      parameters: [`search ${word}`],
      test: (bind) => matches(query(bind)),
      find: (bind) => [
        {
          queries: isOfNumbers(word)
            ? partsOf(word).map((part) => signed(bind(part, 'text')))
            : [query(bind)],
        },
      ],
    };
  });
  if (others.length === 0 && sure.length > 0) return conditions;
  const asked = others.length > 0 ? others : [''];
  const query = (bind: Bind) => conjunction(asked.map((word) => parsed(bind(word, 'text'))));
  // If no word has anything searchable in it, nothing matches; beside other words it is skipped. A query of nothing finds no row:
  // instead of it the index is asked for the rows without a space as a word, which all are.
  const isAlone = !hasOthers && sure.length === 0;
  const find = (bind: Bind) =>
    isAlone
      ? query(bind)
      : sql`case when numnode(${query(bind)}) = 0 then ${literal("!' '")}::tsquery else ${query(bind)} end`;
  conditions.push({
    parameters: others.length > 0 ? others.map((word) => `search ${word}`) : ['search'],
    test: (bind) =>
      isAlone ? matches(query(bind)) : sql`numnode((select ${query(bind)})) = 0 or ${matches(query(bind))}`,
    find:
      (isAlone || others.some(isSpoken)) && !others.some(mayForbid)
        ? (bind) => [{ queries: [find(bind)] }]
        : null,
  });
  return conditions;
}

/** A word of digits: a word of the vector, or a part of one of some columns. */
function numberWord(known: Known, word: string): Condition {
  return {
    ...{ parameters: [`search ${word}`], hasAlternatives: true },
    mergesPrefix: isPrefix(word) && known.listing.numbers.some((column) => !hasDictionary(known, column)),
    lookedUp: known.listing.numbers
      .filter((column) => hasDictionary(known, column))
      .map((column) => columnOf(known.listing, column)),
    test(bind) {
      const part = bind(word, 'text');
      const columns = known.listing.numbers.map((column) => sql`strpos(${name(column)}, ${part}) > 0`);
      return joined([matches(parsed(part)), ...columns], ' or ');
    },
    find(bind) {
      const query = parsed(bind(word, 'text'));
      return [{ queries: [query] }, ...findPart(known, known.listing.numbers, word, bind)];
    },
    ranked: {
      parameters: [`search ${word} as a word`],
      test: (bind) => matches(parsed(bind(word, 'text'))),
      find: (bind) => [{ queries: [parsed(bind(word, 'text'))] }],
    },
  };
}
