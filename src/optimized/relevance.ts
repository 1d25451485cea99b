import type { Search } from '../contract/search.ts';
import rankedInPartsText from '../sql/optimized/ranked_in_parts.sql' with { type: 'text' };
import rankedPartText from '../sql/optimized/ranked_part.sql' with { type: 'text' };
import rankedPartFoundText from '../sql/optimized/ranked_part_found.sql' with { type: 'text' };
import rankedPartWalkedText from '../sql/optimized/ranked_part_walked.sql' with { type: 'text' };
import { type Condition, idList, isAmong, once, type Tagged } from './conditions.ts';
import { costOfFinding, costOfIndex, costOfWalking } from './costs.ts';
import { sharing } from './guesses.ts';
import { afterwards } from './order.ts';
import { type Placement, placements, weights } from './placements.ts';
import {
  and,
  type Filling,
  fill,
  findings,
  lookedUp,
  type Made,
  making,
  type Page,
  type Statement,
  tests,
} from './statement.ts';
import { sayersOfNumber } from './words.ts';

// To rank everybody who says a frequent word takes seconds, and most of these ranks are the same: a word that stands once
// in a text ranks by its weight alone, which follows from the column that it came from; and a number that is only found
// as a part of another number ranks nowhere. So most of a list by relevance is lists by id, one after the other.

// Where nearly everybody in a column has the word elsewhere too, a walk finds nobody.
const risk = 10;
/** Matches that are ranked one by one without another thought. */
const fewRanked = 2_000;
/** Statements are kept for each connection if they are made of so few parts: of more there are too many. */
const mostKept = 3;

type Words = Extract<Search, { kind: 'words' }>;

const query = "(select websearch_to_tsquery('simple', $3::text))";

/** The page of a search by relevance for which not all matches must be ranked; null where they must. */
export function inParts(page: Page): Statement | null {
  const { search } = page.request;
  if (search?.kind !== 'words') return null;
  if (search.numbers.length === 0)
    return search.words.length > 1 ? ofWords(page, search) : ofWord(page, search);
  return ofShortNumber(page, search) ?? ofNumber(page, search);
}

/** One word of values that have tags. A part for each weight; ranked is who has the word more than once. */
function ofWord(page: Page, { text }: Words): Statement | null {
  const made = making(page, text);
  const [[condition], others] = [made.all.filter(isSearch), made.all.filter((one) => !isSearch(one))];
  if (!condition?.tagged?.length || condition.word === undefined) return null;
  if (others.some(({ covered }) => !covered)) return null;
  const { several, parts } = said(page, made, condition.word, condition.tagged, others);
  return statementOf(page, made, { ...several, parts: parts.join('union all\n') });
}

/** One number of few digits: the same, and one more part for who has it within another number, at the end. */
function ofShortNumber(page: Page, { words, numbers, text }: Words): Statement | null {
  const [number] = numbers;
  if (words.length > 1) return null;
  const made = making(page, text);
  const others = made.all.filter((one) => !isSearch(one));
  const sayers = sayersOfNumber(number!, { ...made, statistics: page.statistics });
  if (!sayers || others.some(({ covered }) => !covered)) return null;
  const { several, parts } = said(page, made, number!, sayers, others);
  const inOther = within(page, made, '');
  const inOrder = made.sorted.descending ? [...parts, inOther] : [inOther, ...parts];
  return statementOf(page, made, { ...several, parts: inOrder.join('union all\n') });
}

/** Who says a word once, a part for each weight, in the order of the list; and how to find who may say it several times. */
function said(page: Page, made: Made, word: string, sayers: Tagged[], others: Condition[]) {
  const { sorted } = made;
  const byWeight = Map.groupBy(
    sayers.filter(({ column, single }) => column !== 'odd_tag' && single!.values > 0),
    ({ column }) => weights[column.replace('_tag', '')]!,
  );
  const inOrder = [...byWeight.keys()].sort((a, b) => (a < b === sorted.descending ? -1 : 1));
  const parts = inOrder.map((weight) => {
    const rank = `ts_rank('a:1${weight}'::tsvector, 'a'::tsquery)`;
    const values = byWeight.get(weight)!.map(({ column, single }) => [{ column, ...single! }]);
    return partOf(
      made,
      rank,
      values.map((one) => alike(page, made, rank, one, others)),
    );
  });
  return { several: ranked(made, [word], sayers, others), parts };
}

/**
 * Several words of values that have tags. A part for each way they stand in the text; ranked is who has one of them more
 * than once, or has them in columns that other words are between.
 */
function ofWords(page: Page, { words, text }: Words): Statement | null {
  const made = making(page, text);
  const { all, bind } = made;
  const [searched, others] = [all.filter(isSearch), all.filter((one) => !isSearch(one))];
  if (searched.length !== words.length || searched.some(({ word, tagged }) => !word || !tagged)) return null;
  if (others.some(({ covered }) => !covered)) return null;
  const places = placements(
    searched.map(({ word }) => word!),
    page.statistics,
  );
  const alikeShare = places?.reduce((sum, { layout, share }) => sum + (layout ? share : 0), 0) ?? 0;
  if (!places || alikeShare * page.statistics.total < fewRanked) return null;
  const listed = (placement: Placement) =>
    placement.values.map(({ column, tags }) => {
      const list = once(() => bind(idList(tags), 'integer[]'));
      return { column: `${column}_tag`, list, values: tags.length, share: sharing(page.statistics, tags) };
    });
  const parts = places
    .filter(({ layout }) => layout)
    .map((placement) => {
      const rank = `(select ts_rank(${bind(placement.layout, 'tsvector')}, ${query}))`;
      return partOf(made, rank, [alike(page, made, rank, listed(placement), others)]);
    });
  const unlike = places.filter(({ layout }) => !layout).map((placement) => idsOf(listed(placement), others));
  const several = ranked(
    made,
    searched.map(({ word }) => word!),
    searched.flatMap(({ tagged }) => tagged!),
    others,
    unlike,
  );
  const filling = { ...several, parts: parts.join('union all\n'), wanting: 'null' };
  const statement = statementOf(page, made, filling);
  return { ...statement, prepare: statement.prepare && places.length <= mostKept };
}

type Values = Omit<Tagged, 'but' | 'single'>;

/** Customers of one rank: with one of these values in each of the columns, and no word of the search elsewhere. */
function alike(page: Page, made: Made, rank: string, values: Values[], others: Condition[]): string {
  const [rarest, ...more] = values.toSorted((a, b) => a.share - b.share);
  const from = fromId(page, made, rank);
  const but = and([
    ...more.map(isOneOf),
    ...others.map(({ test }) => test()),
    'odd_tag is null',
    '(id in (select id from ranked)) is not true',
  ]);
  const shares = values.map(({ share }) => ({ share, family: 'search', covered: true }) as Condition);
  const isWalked =
    risk * costOfWalking([...shares, ...others], wanted(page)) < costOfIndex(rarest!.share, page.statistics);
  if (isWalked) return walked(made, { from, filters: and([isOneOf(rarest!), but]), tested: '' });
  return found(made, { from, finding: `${rarest!.column} = any(${rarest!.list()})`, filters: but });
}

const isOneOf = ({ column, list, values }: Values) => isAmong(column, list(), values);

/** The ids of those with one of these values in each of the columns. */
function idsOf(values: Values[], others: Condition[]): string {
  const [rarest, ...more] = values.toSorted((a, b) => a.share - b.share);
  return `select id from (
    select * from customer_list where ${rarest!.column} = any(${rarest!.list()}) offset 0
  ) one where ${and([...more.map(isOneOf), ...others.map(({ test }) => test())])}`;
}

/** How to find whom the parts leave out: who says one of the words several times, or is odd, or is one of `unlike`. */
function ranked(
  { bind }: Made,
  words: string[],
  sayers: Tagged[],
  others: Condition[],
  unlike: string[] = [],
) {
  const several = [`repeated && ${bind(words, 'text[]')}`];
  several.push(
    ...sayers.filter(({ column }) => column === 'odd_tag').map(({ list }) => `odd_tag = any(${list()})`),
  );
  if (unlike.length > 0) several.push(`id = any(array(${unlike.join('\nunion all\n')}))`);
  return {
    finding: several.join(' or '),
    filters: and([`ts_match_vq(document, ${query})`, tests(others)]),
  };
}

/** One number, alone or beside one word. Ranked is who has it as a word, and the part who has it within another one. */
function ofNumber(page: Page, { words, numbers, text }: Words): Statement | null {
  const made = making(page, text);
  const { all, bind, sorted } = made;
  const plain = words.filter((word) => !numbers.includes(word));
  const others = all.filter((one) => !isSearch(one));
  if (numbers.length > 1 || plain.length > 1 || all.length !== words.length + others.length) return null;
  if (plain.some((word) => !/^\p{L}+$/u.test(word)) || others.some(({ covered }) => !covered)) return null;
  const parts = within(page, made, plain.join(' '));
  const filling = { finding: `document @@ ${query}`, filters: tests(others), parts };
  if (!sorted.descending) return statementOf(page, made, filling);
  // The ranked come first, and the part is asked for what they leave of the page.
  const before = and(afterwards(sorted, page.window.position, bind));
  const wanting = `greatest(0, $1::bigint + $2::bigint - (select count(*) from ranked where ${before}))`;
  return statementOf(page, made, { ...filling, wanting });
}

/** Who has the number within another one, beside the words of `plain`. */
function within(page: Page, made: Made, plain: string): string {
  const { all, bind } = made;
  const rank = `ts_rank(to_tsvector('simple', ${bind(plain, 'text')}), ${query})`;
  const from = fromId(page, made, rank);
  const but = `not ts_match_vq(document, ${query})`;
  if (costOfWalking(all, wanted(page)) < costOfFinding(all, page.statistics)) {
    const read = `${tests(all.filter(({ covered }) => !covered))} and ${but}`;
    const filters = tests(all.filter(({ covered }) => covered));
    return partOf(made, rank, [walked(made, { from, filters, tested: lookedUp(read) })]);
  }
  const { finding, tested } = findings(all, page.statistics);
  return partOf(made, rank, [found(made, { from, finding, filters: and([...tested, but]) })]);
}

const walked = (made: Made, filling: Filling) =>
  fill(rankedPartWalkedText, { ...filling, id_order: idOrder(made) });
const found = (made: Made, filling: Filling) =>
  fill(rankedPartFoundText, { ...filling, id_order: idOrder(made) });
const partOf = (made: Made, rank: string, branches: string[]) =>
  fill(rankedPartText, { rank, branches: branches.join('union all\n'), id_order: idOrder(made) });

const isSearch = ({ family }: Condition) => family === 'search';
const wanted = ({ window: { rows, skip } }: Page) => rows + skip;

/** The ids from which a page goes on among customers of one rank; a null finds nobody. */
function fromId({ window: { position } }: Page, { bind, sorted }: Made, rank: string): string {
  if (!position) return 'true';
  const key = bind(position.key[0] ?? null, 'real');
  const step = position.inclusive ? 0 : 1;
  const id = bind(position.id + (sorted.descending ? -step : step), 'bigint');
  const [before, to, end] = sorted.descending
    ? ['<', '<=', '9223372036854775807']
    : ['>', '>=', '-9223372036854775808'];
  return `id ${to} case when ${rank} ${before} ${key} then '${end}'::bigint when ${rank} = ${key} then ${id} end`;
}

const idOrder = ({ sorted: { descending } }: Made) => `id ${descending ? 'desc' : 'asc'}`;

const statementOf = (page: Page, { bind, sorted, statement }: Made, filling: Filling) =>
  statement('collect', rankedInPartsText, {
    wanting: '$1::bigint + $2::bigint',
    ...filling,
    from: and(afterwards(sorted, page.window.position, bind)),
  });
