import type { Search } from '../contract/search.ts';
import rankedInPartsText from '../sql/optimized/ranked_in_parts.sql' with { type: 'text' };
import rankedPartText from '../sql/optimized/ranked_part.sql' with { type: 'text' };
import rankedPartFoundText from '../sql/optimized/ranked_part_found.sql' with { type: 'text' };
import rankedPartWalkedText from '../sql/optimized/ranked_part_walked.sql' with { type: 'text' };
import { type Condition, isAmong } from './conditions.ts';
import { costOfFinding, costOfIndex, costOfWalking } from './costs.ts';
import { afterwards } from './order.ts';
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

// To rank everybody who says a frequent word takes seconds, and most of these ranks are the same: a word that stands once
// in a text ranks by its weight alone, which follows from the column that it came from; and a number that is only found
// as a part of another number ranks nowhere. So most of a list by relevance is lists by id, one after the other.

// Where nearly everybody in a column has the word elsewhere too, a walk finds nobody.
const risk = 10;

type Words = Extract<Search, { kind: 'words' }>;

const query = "(select websearch_to_tsquery('simple', $3::text))";

const weights: Record<string, string> = {
  ...{ first_name_tag: 'A', last_name_tag: 'A', city_tag: 'B', country_tag: 'B' },
  ...{ street_tag: 'C', street_number_tag: 'C', city_code_tag: 'C' },
};

/** The page of a search by relevance for which not all matches must be ranked; null where they must. */
export function inParts(page: Page): Statement | null {
  const { search } = page.request;
  if (search?.kind !== 'words') return null;
  return search.numbers.length > 0 ? ofNumber(page, search) : ofWord(page, search);
}

/** One word of values that have tags. A part for each weight; ranked is who has the word more than once. */
function ofWord(page: Page, { words, text }: Words): Statement | null {
  const made = making(page, text);
  const { all, bind, sorted } = made;
  const [[condition], others] = [all.filter(isSearch), all.filter((one) => !isSearch(one))];
  const said = condition?.tagged;
  if (words.length > 1 || !said?.length || condition?.word === undefined) return null;
  if (others.some(({ covered }) => !covered)) return null;
  const odd = said.find(({ column }) => column === 'odd_tag');
  const several = [`repeated @> array[${bind(condition.word, 'text')}]`];
  if (odd) several.push(`odd_tag = any(${odd.list()})`);

  const but = and([
    ...others.map(({ test }) => test()),
    'odd_tag is null',
    '(id in (select id from ranked)) is not true',
  ]);
  const byWeight = Map.groupBy(
    said.filter((one) => one !== odd && one.single!.values > 0),
    ({ column }) => weights[column]!,
  );
  const inOrder = [...byWeight.keys()].sort((a, b) => (a < b === sorted.descending ? -1 : 1));
  const parts = inOrder.map((weight) => {
    const rank = `ts_rank('a:1${weight}'::tsvector, 'a'::tsquery)`;
    const from = fromId(page, made, rank);
    const branches = byWeight
      .get(weight)!
      .map(({ column, single }) => ({ column, ...single! }))
      .map(({ column, list, values, share }) =>
        risk * costOfWalking([{ ...condition, share }, ...others], wanted(page)) <
        costOfIndex(share, page.statistics)
          ? walked(made, { from, filters: and([isAmong(column, list(), values), but]), tested: '' })
          : found(made, { from, finding: `${column} = any(${list()})`, filters: but }),
      );
    return partOf(made, rank, branches);
  });
  const filling = {
    finding: several.join(' or '),
    filters: and([`ts_match_vq(document, ${query})`, tests(others)]),
  };
  return statementOf(page, made, { ...filling, parts: parts.join('union all\n') });
}

/** One number, alone or beside one word. Ranked is who has it as a word, and the part who has it within another one. */
function ofNumber(page: Page, { words, numbers, text }: Words): Statement | null {
  const made = making(page, text);
  const { all, bind, sorted } = made;
  const plain = words.filter((word) => !numbers.includes(word));
  const others = all.filter((one) => !isSearch(one));
  if (numbers.length > 1 || plain.length > 1 || all.length !== words.length + others.length) return null;
  if (plain.some((word) => !/^\p{L}+$/u.test(word)) || others.some(({ covered }) => !covered)) return null;
  const rank = `ts_rank(to_tsvector('simple', ${bind(plain.join(' '), 'text')}), ${query})`;
  const from = fromId(page, made, rank);
  const but = `not ts_match_vq(document, ${query})`;
  let branch: string;
  if (costOfWalking(all, wanted(page)) < costOfFinding(all, page.statistics)) {
    const read = `${tests(all.filter(({ covered }) => !covered))} and ${but}`;
    const filters = tests(all.filter(({ covered }) => covered));
    branch = walked(made, { from, filters, tested: lookedUp(read) });
  } else {
    const { finding, tested } = findings(all, page.statistics);
    branch = found(made, { from, finding, filters: and([...tested, but]) });
  }
  const filling = { finding: `document @@ ${query}`, filters: tests(others) };
  const parts = partOf(made, rank, [branch]);
  if (!sorted.descending) return statementOf(page, made, { ...filling, parts });
  // The ranked come first, and the part is asked for what they leave of the page.
  const before = and(afterwards(sorted, page.window.position, bind));
  const wanting = `greatest(0, $1::bigint + $2::bigint - (select count(*) from ranked where ${before}))`;
  return statementOf(page, made, { ...filling, parts, wanting });
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
