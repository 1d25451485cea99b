import { escapeLike } from '../contract/like.ts';
import type { Search } from '../contract/search.ts';
import { isDate } from '../contract/times.ts';
import { positionOf } from './buckets.ts';
import {
  type Condition,
  contains,
  idList,
  isAmong,
  isKnown,
  listed,
  type Making,
  nobody,
  once,
  partFound,
  type Tagged,
  tagsContaining,
} from './conditions.ts';
import { alternatives, answering, between, containing, containingPart, saying, sharing } from './guesses.ts';
import { parsedWord } from './lexemes.ts';
import { placements, sayingKinds } from './placements.ts';
import type { Saying, Statistics } from './statistics.ts';

// A search as conditions.

const family = 'search';
const tsquery = (word: string) => `websearch_to_tsquery('simple', ${word})`;

/** The conditions of a search. */
export function searchConditions(search: Search, making: Making): Condition[] {
  if (search.kind === 'query') {
    const condition = query(search.text, answering(making.statistics, search), making);
    // For what only forbids words the index would be read as a whole.
    const isFindable = alternatives(search).every((words) => words.length > 0);
    return [isFindable ? condition : { ...condition, find: null }];
  }
  const { words, numbers } = search;
  const found = [...new Set(numbers)].map((word) => numberWord(word, making));
  // By lexeme the word as it is written: `(or)` is the lexeme `or`, and that as a search an operator.
  const tagged = new Map<string, string>();
  const dates = new Set<string>();
  const others = new Set<string>();
  const unparsed = new Set<string>();
  for (const word of words) {
    if (numbers.includes(word)) continue;
    const parsed = parsedWord(word, making.statistics.lexemes);
    if (isDate(word)) dates.add(word);
    else if (!parsed) unparsed.add(word);
    else if (parsed.lexeme !== null && isTagged(parsed.lexeme, making)) tagged.set(parsed.lexeme, word);
    else if (!parsed.isEmpty) others.add(word);
  }
  found.push(...[...dates].map((word) => dateWord(word, making)));
  found.push(...alongside(tagged, making));
  if (others.size > 0) {
    const share = [...others].reduce((product, word) => product * saying(making.statistics, word), 1);
    found.push(together([...others], share, making));
  }
  // If no word yields a lexeme, nothing matches; beside others such a word is skipped.
  if (found.length === 0) return [unparsed.size > 0 ? together([...unparsed], 0, making) : nobody(family)];
  if (unparsed.size > 0) {
    const { test } = together([...unparsed], 0.5, making);
    found.push({
      test: () => `${test().replace('ts_match_vq(document, ', 'numnode(')} = 0 or ${test()}`,
      ...{ covered: false, find: null, share: 0.5, family, entries: 0 },
    });
  }
  return found;
}

const mostTags = 1000;

// A lexeme that only values with tags have, and odd customers, whose lexemes are those of a tag as well (101_read_model.sql):
// numbers and dates have no letter, and a hexadecimal number none beyond f and is not short. Whether anything but ASCII
// letters is one lexeme of a text shows where it is one in some value.
function isTagged(lexeme: string, { statistics }: Making): boolean {
  if (!/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u.test(lexeme)) return false;
  if (!/[g-z\u0080-\uffff]/.test(lexeme) && !/^[a-f]{1,8}$/.test(lexeme)) return false;
  if (!areSayersKnown(statistics)) return false;
  const said = statistics.words.get(lexeme)?.length ?? 0;
  return said <= mostTags && (said > 0 || /^[a-z]+$/.test(lexeme));
}

const areSayersKnown = ({ seen }: Statistics) =>
  seen !== null && !sayingKinds.some((kind) => seen.partial.has(kind));

// Words go together: nearly everybody with `Puerto` has `Rico`, and nobody in that city lives in another country.
function alongside(tagged: Map<string, string>, making: Making): Condition[] {
  const { statistics } = making;
  const all = [...tagged].map(([lexeme, word]) => taggedWord(lexeme, word, making));
  if (tagged.size < 2) return all;
  const said = new Map([...tagged.keys()].map((lexeme) => [lexeme, statistics.words.get(lexeme) ?? []]));
  const places = placements(said, statistics);
  if (!places) return all;
  const isOdd = [...said.values()].every((sayings) => sayings.some(({ kind }) => kind === 'odd'));
  if (places.length === 0 && !isOdd) return [...all, nobody(family)];
  const share = places.reduce((sum, one) => sum + one.share, 0);
  const given = Math.min(1, share / Math.max(1e-9, all[0]!.share)) ** (1 / (all.length - 1));
  return all.map((condition, i) => (i === 0 ? condition : { ...condition, given }));
}

/** The column that says whether a customer has a tag of a kind; of points it says how many. */
export const columnOf = (kind: string) => (kind === 'points' ? kind : `${kind}_tag`);

/** The values that say a word, by column. */
export function sayers(word: string, sayings: Saying[], making: Omit<Making, 'sort'>): Tagged[] {
  making.rely();
  const byKind = Map.groupBy(sayings, ({ kind }) => kind);
  const ofAll = (some: Saying[]) =>
    listed(
      some.map(({ tag }) => tag),
      making,
    );
  return [...byKind].map(([kind, some]) => ({
    ...ofAll(some),
    column: columnOf(kind),
    // In odd company a value may be read as other words.
    but: kind === 'odd' ? 'true' : 'odd_tag is null',
    single: ofAll(some.filter(({ tag }) => !repeats(tag.value, word))),
  }));
}

/**
 * The values that say a number of at most three digits, which no date and no customer_id has as a word; null where they
 * are not all known. So many points have their number for an id.
 */
export function sayingNumber(word: string, statistics: Statistics): Saying[] | null {
  if (!/^\d{1,3}$/.test(word) || !areSayersKnown(statistics)) return null;
  const all = statistics.words.get(word) ?? [];
  // As it is written in the text: 7 points are no `007`.
  const points = Number(word);
  if (`${points}` !== word) return all;
  const [start, end] = [positionOf('points', points), positionOf('points', points + 1)];
  const { share } = between(statistics, 'points', start, end);
  const tag = { id: points, value: word, customers: share * statistics.total, start, width: end - start };
  return [...all, { kind: 'points', tag }];
}

function taggedWord(lexeme: string, word: string, making: Making): Condition {
  const { bind, statistics } = making;
  const said = statistics.words.get(lexeme) ?? [];
  const tagged = sayers(lexeme, said, making);
  const test = () =>
    tagged
      .map(({ column, list, values, but }) => `${isAmong(column, list(), values)} and ${but}`)
      .join(' or ') || 'false';
  const find = () => `document @@ (select ${tsquery(bind(word, 'text'))})`;
  const tags = said.map(({ tag }) => tag);
  const kind = tagged.length === 1 ? { kind: said[0]!.kind } : {};
  return {
    test,
    covered: true,
    find,
    share: sharing(statistics, tags),
    family,
    entries: 1,
    tagged,
    tags,
    ...kind,
    ...(/^[\p{L}\p{N}]+$/u.test(lexeme) && { word: lexeme }),
  };
}

// Whether a value surely says the word more than once: of letters and spaces alone the parser makes nothing else.
const repeats = (value: string, word: string) =>
  /^[\p{L}\p{N} ]+$/u.test(value) && value.split(' ').filter((one) => one === word).length > 1;

// A test by the operator would be taken for a search in the index by the planner, who does not know that it finds most.
const matches = (query: () => string) => ({
  test: () => `ts_match_vq(document, ${query()})`,
  find: () => `document @@ ${query()}`,
});

function query(text: string, share: number, { bind }: Making): Condition {
  const bound = once(() => `(select ${tsquery(bind(text, 'text'))})`);
  return { ...matches(bound), covered: false, share, family, entries: 1 };
}

// All words as one query, so that the statement is the same for any number of them.
function together(all: string[], share: number, { bind }: Making): Condition {
  const joined = `string_agg('(' || ${tsquery('word')}::text || ')', ' & ') filter (where numnode(${tsquery('word')}) > 0)`;
  const each = () => `unnest(${bind(all, 'text[]')}) word`;
  const bound = once(() => `(select coalesce(${joined}, '')::tsquery from ${each()})`);
  return { ...matches(bound), covered: false, share, family, entries: all.length };
}

function numberWord(word: string, making: Making): Condition {
  const { bind, rely, statistics } = making;
  const kinds = ['city_code', 'street_number'] as const;
  const tags = kinds.flatMap((kind) => containing(statistics, kind, word));
  const said = query(word, saying(statistics, word), making);
  const columns = ['phone_number', ...kinds];
  const test = () => {
    const bound = bind(word, 'text');
    return [said.test(), ...columns.map((column) => contains(column, bound))].join(' or ');
  };
  const phone = partFound('phone_number', word, making);
  const isAllKnown = kinds.every((kind) => isKnown(statistics, kind, word));
  const find = () => {
    if (isAllKnown) rely();
    const list = isAllKnown
      ? bind(idList(tags), 'integer[]')
      : tagsContaining(`in ('city_code', 'street_number')`, bind(escapeLike(word), 'text'));
    return [said.find!(), phone.find!(), `tags && ${list}`].join(' or ');
  };
  return {
    ...{ test, covered: false, rough: true },
    find: phone.find && find,
    share: Math.min(
      1,
      saying(statistics, word) + sharing(statistics, tags) + containingPart('phone_number', word),
    ),
    ...{ family, entries: 1 + phone.entries + tags.length },
  };
}

// To the parser a date is a phrase of three numbers, each of them frequent. So the index has the days, and beside them the
// few customers whose text may say one by other words (101_read_model.sql).
function dateWord(word: string, making: Making): Condition {
  const { bind, statistics } = making;
  const next = new Date(Date.parse(word) + 86_400_000).toISOString();
  const during = (kind: string) =>
    between(statistics, kind, positionOf(kind, word), positionOf(kind, next)).share;
  const share = ['birthday', 'created', 'last_activity'].reduce((sum, kind) => sum + during(kind), 0);
  return {
    ...query(word, share, making),
    ...{ find: () => `days && array[${bind(word, 'date')}, 'infinity'::date]`, rough: true, entries: 2 },
  };
}
