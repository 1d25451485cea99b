import type { Statistics, Tag } from './statistics.ts';

// Where customers have the words of a search. PostgreSQL ranks several words by their weights and by how many words are
// between them (ts_rank, https://www.postgresql.org/docs/18/textsearch-controls.html), so customers whose words stand in
// values that are alike all have one rank: everybody in `Gennaroboro`, `Sint Maarten`, for the search of both.

/** Customers who have one of these values in each of these columns, and there the words of the search, each once. */
export interface Placement {
  values: { column: string; tags: Tag[] }[];
  /** a text vector that has the words as all of them have; null where they do not have them alike */
  layout: string | null;
  /** the guessed share of customers */
  share: number;
}

/** The columns of the text vector that follow each other, whatever else a customer says, and the weights of their words. */
const runs = [
  { first_name: 'A', last_name: 'A' },
  { city: 'B', country: 'B', street: 'C', street_number: 'C', city_code: 'C' },
];
/** The weight of a word by the column it comes from. */
export const weights: Record<string, string> = Object.assign({ points: 'C' }, ...runs);

const mostAssignments = 64;
const mostPlacements = 16;

/**
 * All places of the words, which are at least two; null where there are too many. Of a customer with a word in two of
 * them nothing is said (`repeated`, 101_read_model.sql).
 */
export function placements(words: string[], statistics: Statistics): Placement[] | null {
  const kinds = words.map((word) => [...kindsOf(word, statistics)]);
  if (kinds.reduce((product, { length }) => product * length, 1) > mostAssignments) return null;
  const assignments = kinds.reduce<string[][]>(
    (all, own) => all.flatMap((before) => own.map((kind) => [...before, kind])),
    [[]],
  );
  const found: Placement[] = [];
  for (const assignment of assignments) {
    found.push(...assigned(words, assignment, statistics));
    if (found.length > mostPlacements) return null;
  }
  return found;
}

const sayings = (word: string, { words }: Statistics) => words.get(word) ?? [];
const kindsOf = (word: string, statistics: Statistics) =>
  new Set(sayings(word, statistics).flatMap(({ kind }) => (kind === 'odd' ? [] : [kind])));

/** The customers who have each word in the column that is assigned to it, parted by how they have them. */
function assigned(words: string[], assignment: string[], statistics: Statistics): Placement[] {
  const own = Map.groupBy(words, (_, i) => assignment[i]!);
  const run = runs.findIndex((one) => assignment.every((column) => column in one));
  const order = Object.keys(Object.assign({}, ...runs));
  const columns = [...own.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const isRun = order.indexOf(columns.at(-1)!) - order.indexOf(columns[0]!) === columns.length - 1;
  let values = columns.map((column) => ({
    column,
    tags: sayingAll(own.get(column)!, words, column, statistics),
  }));
  values = inTheirCountries(values, statistics);
  if (values.some(({ tags }) => tags.length === 0)) return [];
  if (run < 0 || !isRun) return [placed(values, null, statistics)];

  // Of the first column it matters what comes after a word, of the last what comes before it.
  const groups = values.map(({ column, tags }, i) =>
    [
      ...Map.groupBy(tags, (tag) =>
        keyOf(tag, own.get(column)!, i === 0, i === columns.length - 1, statistics),
      ),
    ].map(([key, alike]) => ({ column, tags: alike, isAlike: key !== null })),
  );
  const combined = groups.reduce<(typeof groups)[number][]>(
    (all, group) => all.flatMap((before) => group.map((one) => [...before, one])),
    [[]],
  );
  return combined.map((one) =>
    placed(one, one.every(({ isAlike }) => isAlike) ? layoutOf(one, words) : null, statistics),
  );
}

/** The values of a column that say all of the words `own`, and no other one of `words`. */
function sayingAll(own: string[], words: string[], column: string, statistics: Statistics): Tag[] {
  const saying = (word: string) =>
    new Set(sayings(word, statistics).flatMap(({ kind, tag }) => (kind === column ? [tag] : [])));
  const all = own.map(saying).reduce((some, more) => some.intersection(more));
  return words
    .filter((word) => !own.includes(word))
    .map(saying)
    .reduce((some, others) => some.difference(others), all)
    .values()
    .toArray();
}

/** Cities in one of those countries, and countries of one of those cities, where both are asked for. */
function inTheirCountries(values: Placement['values'], { seen, pairs }: Statistics): Placement['values'] {
  const [cities, countries] = ['city', 'country'].map(
    (kind) => values.find(({ column }) => column === kind)?.tags,
  );
  if (!cities || !countries || !seen || seen.partial.has('pair')) return values;
  const asked = new Set(countries.map(({ id }) => id));
  const around = ({ id }: Tag) => pairs.get(id)?.intersection(asked) ?? new Set<number>();
  const within = cities.filter((city) => around(city).size > 0);
  const reached = new Set(within.flatMap((city) => [...around(city)]));
  return values.map(({ column, tags }) => {
    if (column === 'city') return { column, tags: within };
    return { column, tags: column === 'country' ? tags.filter(({ id }) => reached.has(id)) : tags };
  });
}

const wordsOf = ({ value }: Tag) => value.split(' ').filter((word) => word !== '');

/**
 * Equal for values that have the words in the same places; null where that cannot be told: of letters and digits alone,
 * each of them known as a word of some value, the parser makes nothing else.
 */
function keyOf(
  tag: Tag,
  own: string[],
  isFirst: boolean,
  isLast: boolean,
  { words }: Statistics,
): string | null {
  const said = wordsOf(tag);
  if (!/^[\p{L}\p{N} ]+$/u.test(tag.value) || said.some((word) => !words.has(word))) return null;
  const places = own.map((word) => said.indexOf(word));
  const start = isFirst ? (isLast ? Math.min(...places) : said.length) : 0;
  return `${places.map((place) => place - start)} of ${isFirst || isLast ? '' : said.length}`;
}

function layoutOf(values: Placement['values'], words: string[]): string {
  let before = 0;
  return values
    .flatMap(({ column, tags }) => {
      const said = wordsOf(tags[0]!);
      const start = before + 1;
      before += said.length;
      return said.flatMap((word, i) =>
        words.includes(word) ? [`'${word}':${start + i}${weights[column]}`] : [],
      );
    })
    .join(' ');
}

function placed(values: Placement['values'], layout: string | null, { total }: Statistics): Placement {
  const hasCity = values.some(({ column }) => column === 'city');
  const shares = values
    .filter(({ column }) => column !== 'country' || !hasCity)
    .map(({ tags }) => tags.reduce((sum, { customers }) => sum + customers, 0) / Math.max(1, total));
  return { values, layout, share: shares.reduce((product, share) => product * Math.min(1, share), 1) };
}
