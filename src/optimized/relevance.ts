import type { Search } from '../contract/search.ts';
import rankedInPartsText from '../sql/optimized/ranked_in_parts.sql' with { type: 'text' };
import rankedPartText from '../sql/optimized/ranked_part.sql' with { type: 'text' };
import rankedPartFoundText from '../sql/optimized/ranked_part_found.sql' with { type: 'text' };
import rankedPartWalkedText from '../sql/optimized/ranked_part_walked.sql' with { type: 'text' };
import { type Condition, isAmong, listed, type Tagged } from './conditions.ts';
import { costOfFinding, costOfIndex, costOfWalking } from './costs.ts';
import { afterwards } from './order.ts';
import { type Placement, placements, type Said, weights } from './placements.ts';
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
import { columnOf, sayers, sayingNumber } from './words.ts';

// To rank everybody who says a frequent word takes seconds, and most of these ranks are the same: a word that stands once
// in a text ranks by its weight alone, which follows from the column that it came from; and a number that is only found
// as a part of another number ranks nowhere. So most of a list by relevance is lists by id, one after the other.

// Where nearly everybody in a column has the word elsewhere too, a walk finds nobody.
const risk = 10;
/** Matches that are ranked one by one without another thought. */
const fewRanked = 2_000;

type Words = Extract<Search, { kind: 'words' }>;

const query = "(select websearch_to_tsquery('simple', $3::text))";
const isNoMatch = `not ts_match_vq(document, ${query})`;

/** The page of a search by relevance for which not all matches must be ranked; null where they must. */
export function inParts(page: Page): Statement | null {
  const { search } = page.request;
  if (search?.kind !== 'words' || search.numbers.length > 1) return null;
  const [plain, numbers] = [search.words.length - search.numbers.length, search.numbers.length];
  if (plain > 1) return ofWords(page, search);
  if (numbers === 0) return ofWord(page, search);
  return (plain === 0 && ofShortNumber(page, search)) || ofNumber(page, search);
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
function ofShortNumber(page: Page, { numbers, text }: Words): Statement | null {
  const made = making(page, text);
  const others = made.all.filter((one) => !isSearch(one));
  const sayings = sayingNumber(numbers[0]!, page.statistics);
  if (!sayings || others.some(({ covered }) => !covered)) return null;
  const tagged = sayers(numbers[0]!, sayings, { ...made, statistics: page.statistics });
  const { several, parts } = said(page, made, numbers[0]!, tagged, others);
  const inOther = within(page, made, '');
  const inOrder = made.sorted.descending ? [...parts, inOther] : [inOther, ...parts];
  return statementOf(page, made, { ...several, parts: inOrder.join('union all\n') });
}

/** Who says a word once, a part for each weight, in the order of the list; and how to find who may say it several times. */
function said(page: Page, made: Made, word: string, tagged: Tagged[], others: Condition[]) {
  const { sorted } = made;
  const byWeight = Map.groupBy(
    tagged.filter(({ column, single }) => column !== 'odd_tag' && single!.values > 0),
    ({ column }) => weights[column.replace('_tag', '')]!,
  );
  const inOrder = [...byWeight.keys()].sort((a, b) => (a < b === sorted.descending ? -1 : 1));
  const parts = inOrder.map((weight) => {
    const rank = `ts_rank('a:1${weight}'::tsvector, 'a'::tsquery)`;
    const values = byWeight.get(weight)!.map(({ column, single }) => [{ column, ...single! }]);
    return partOf(
      made,
      rank,
      values.map((one) => alike(page, made, rank, one, one[0]!.share, others)),
    );
  });
  return { several: ranked(made, [word], tagged, matching(others)), parts };
}

/**
 * Several words of values that have tags, one of them perhaps a number. A part for each way they stand in the text, and
 * for each way the words do where the number is within another one; ranked is who has one of them more than once, or has
 * them where differing columns are between.
 */
function ofWords(page: Page, { words, numbers, text }: Words): Statement | null {
  const { statistics } = page;
  const made = making(page, text);
  const [searched, others] = [made.all.filter(isSearch), made.all.filter((one) => !isSearch(one))];
  const plain = searched.filter(({ word, tagged }) => word && tagged);
  if (searched.length !== words.length || searched.length - plain.length !== numbers.length) return null;
  if (others.some(({ covered }) => !covered)) return null;
  const number = searched.find((one) => !plain.includes(one));
  const sayings = number ? sayingNumber(numbers[0]!, statistics) : null;
  const known: Said = new Map(plain.map(({ word }) => [word!, statistics.words.get(word!) ?? []]));
  const apart = placements(known, statistics);
  const together = sayings && placements(new Map([...known, [numbers[0]!, sayings]]), statistics);
  if (!apart || (sayings && !together)) return null;
  const places = [
    ...(together ?? []).map((placement) => ({ placement, number: undefined })),
    ...apart.map((placement) => ({ placement, number })),
  ];
  const alikeShare = places
    .filter(({ placement }) => placement.alike)
    .reduce((sum, { placement, number }) => sum + placement.share * (number?.share ?? 1), 0);
  if (alikeShare * statistics.total < fewRanked) return null;

  const valuesOf = ({ values }: Placement) =>
    values.map(({ kind, tags }) => ({
      column: columnOf(kind),
      ...listed(tags, { bind: made.bind, statistics }),
    }));
  const parts = places
    .filter(({ placement }) => placement.alike)
    .map(({ placement, number }) => {
      const vectors = placement.alike!.map(
        ({ value, weight }) => `setweight(to_tsvector('simple', ${made.bind(value, 'text')}), '${weight}')`,
      );
      const rank = `(select ts_rank(${vectors.join(' || ')}, ${query}))`;
      return partOf(made, rank, [
        alike(page, made, rank, valuesOf(placement), placement.share, others, number),
      ]);
    });
  const unlike = places
    .filter(({ placement }) => !placement.alike)
    .map(({ placement }) => idsOf(valuesOf(placement), others));
  if (number && !sayings) unlike.push(`select id from customer_list where document @@ ${query}`);
  const several = ranked(
    made,
    [...known.keys(), ...(sayings ? numbers : [])],
    plain.flatMap(({ tagged }) => tagged!),
    number ? tests(made.all) : matching(others),
    unlike,
  );
  const filling = { ...several, parts: parts.join('union all\n'), wanting: 'null' };
  const statement = statementOf(page, made, filling);
  // Of texts with several places there are too many to keep.
  return { ...statement, prepare: statement.prepare && places.length === 1 };
}

type Values = Omit<Tagged, 'but' | 'single'>;

/**
 * Customers of one rank: with one of these values in each of the columns, and no word of the search elsewhere; with the
 * `number` only within another one.
 */
function alike(
  page: Page,
  made: Made,
  rank: string,
  values: Values[],
  share: number,
  others: Condition[],
  number?: Condition,
): string {
  const [rarest, ...more] = values.toSorted((a, b) => a.share - b.share);
  const from = fromId(page, made, rank);
  const but = and([
    ...more.map(isOneOf),
    ...others.map(({ test }) => test()),
    'odd_tag is null',
    '(id in (select id from ranked)) is not true',
  ]);
  const together = { share, family: 'search', covered: true } as Condition;
  const sought = [together, ...others, ...(number ? [{ ...number, family: 'number' }] : [])];
  // Of so many points its index has the customers in the order of the list.
  if (rarest!.column === 'points') {
    const points = `points = (${rarest!.list()})[1]`;
    return walked(made, { from: and([from, points]), filters: but, tested: '' });
  }
  const tested = () => (number ? lookedUp(and([number.test(), isNoMatch])) : '');
  const ways = [
    {
      cost: risk * costOfWalking(sought, wanted(page)),
      part: () => walked(made, { from, filters: and([isOneOf(rarest!), but]), tested: tested() }),
    },
    {
      cost: costOfIndex(rarest!.share, page.statistics),
      part: () => {
        const finding = `${rarest!.column} = any(${rarest!.list()})`;
        return found(made, { from, finding, filters: but, tested: tested() });
      },
    },
    {
      cost: number ? costOfFinding(made.all, page.statistics) : Number.POSITIVE_INFINITY,
      part: () => {
        const { finding, tested } = findings(made.all, page.statistics);
        const filters = and([isOneOf(rarest!), but, ...tested, isNoMatch]);
        return found(made, { from, finding, filters, tested: '' });
      },
    },
  ];
  return ways.reduce((a, b) => (b.cost < a.cost ? b : a)).part();
}

const matching = (others: Condition[]) => and([`ts_match_vq(document, ${query})`, tests(others)]);
const isOneOf = ({ column, list, values }: Values) => isAmong(column, list(), values);

/** The ids of those with one of these values in each of the columns. */
function idsOf(values: Values[], others: Condition[]): string {
  const [rarest, ...more] = values.toSorted((a, b) => a.share - b.share);
  return `select id from (
    select * from customer_list where ${rarest!.column} = any(${rarest!.list()}) offset 0
  ) one where ${and([...more.map(isOneOf), ...others.map(({ test }) => test())])}`;
}

/** How to find whom the parts leave out: who says one of the words several times, or is odd, or is one of `unlike`. */
function ranked({ bind }: Made, words: string[], tagged: Tagged[], filters: string, unlike: string[] = []) {
  const several = [`repeated && ${bind(words, 'text[]')}`];
  several.push(
    ...tagged.filter(({ column }) => column === 'odd_tag').map(({ list }) => `odd_tag = any(${list()})`),
  );
  if (unlike.length > 0) several.push(`id = any(array(${unlike.join('\nunion all\n')}))`);
  return { finding: several.join(' or '), filters };
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
  if (costOfWalking(all, wanted(page)) < costOfFinding(all, page.statistics)) {
    const read = `${tests(all.filter(({ covered }) => !covered))} and ${isNoMatch}`;
    const filters = tests(all.filter(({ covered }) => covered));
    return partOf(made, rank, [walked(made, { from, filters, tested: lookedUp(read) })]);
  }
  const { finding, tested } = findings(all, page.statistics);
  return partOf(made, rank, [
    found(made, { from, finding, filters: and([...tested, isNoMatch]), tested: '' }),
  ]);
}

const walked = (made: Made, filling: Filling) =>
  fill(rankedPartWalkedText, { ...filling, id_order: idOrder(made) });
// Only where all is tested in the index is it known how many are enough.
const found = (made: Made, filling: Filling) =>
  fill(rankedPartFoundText, {
    ...filling,
    looked: filling.tested ? 'null' : '$1::bigint + $2::bigint',
    id_order: idOrder(made),
  });
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
