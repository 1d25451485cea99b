import type { Saying, Statistics, Tag } from './statistics.ts';

// Where customers have the words of a search. PostgreSQL ranks several words by their weights and by how many words are
// between them (ts_rank, https://www.postgresql.org/docs/18/textsearch-controls.html), so customers whose words stand in
// values that are alike all have one rank: everybody in `Gennaroboro`, `Sint Maarten`, for the search of both.

/** Customers who have one of the values of each of these kinds, and there the words of the search, each once. */
export interface Placement {
  values: { kind: string; tags: Tag[] }[];
  /** values that follow each other as those of all of them do, for the words; null where they do not have them alike */
  alike: { value: string; weight: string }[] | null;
  /** the guessed share of customers */
  share: number;
}

/** The columns of the text vector that follow each other, whatever else a customer says, and the weights of their words. */
const runs = [
  { first_name: 'A', last_name: 'A' },
  { city: 'B', country: 'B', street: 'C', street_number: 'C', city_code: 'C', points: 'C' },
];
/** The weight of a word by the column it comes from. */
export const weights: Record<string, string> = Object.assign({}, ...runs);
const order = Object.keys(weights);
/** The kinds of tags that say words; that of odd customers has all of theirs (101_read_model.sql). */
export const sayingKinds = [...order.filter((kind) => kind !== 'points'), 'odd'];

const mostAssignments = 64;
const mostPlacements = 16;
/** Values of a column that nothing but PostgreSQL takes to pieces, so that each is alike with itself only. */
const mostSingle = 4;

/** The words of a search, with the values that say each. */
export type Said = Map<string, Saying[]>;

/**
 * All places of the words; null where there are too many. Of a customer with a word in two of them nothing is said
 * (`repeated`, 101_read_model.sql).
 */
export function placements(said: Said, statistics: Statistics): Placement[] | null {
  const { seen } = statistics;
  const asked = `${[...said.keys()].join(' ')} ${seen?.since} ${seen?.recent}`;
  const last = lastPlaced.get(statistics.words);
  if (last?.asked === asked) return last.found;
  const found = allPlacements(said, statistics);
  lastPlaced.set(statistics.words, { asked, found });
  return found;
}

// What was asked last, of as many values: a statement is made after the way to it was chosen, from the same.
const lastPlaced = new WeakMap<Statistics['words'], { asked: string; found: Placement[] | null }>();

function allPlacements(said: Said, statistics: Statistics): Placement[] | null {
  const kinds = [...said.values()].map((sayings) =>
    [...new Set(sayings.map(({ kind }) => kind))].filter((kind) => kind !== 'odd'),
  );
  if (kinds.reduce((product, { length }) => product * length, 1) > mostAssignments) return null;
  const assignments = kinds.reduce<string[][]>(
    (all, own) => all.flatMap((before) => own.map((kind) => [...before, kind])),
    [[]],
  );
  const found: Placement[] = [];
  for (const assignment of assignments) {
    found.push(...assigned(said, assignment, statistics));
    if (found.length > mostPlacements) return null;
  }
  return found;
}

/** The customers who have each word in the column that is assigned to it, parted by how they have them. */
function assigned(said: Said, assignment: string[], statistics: Statistics): Placement[] {
  const words = [...said.keys()];
  const own = Map.groupBy(words, (_, i) => assignment[i]!);
  // Between a city and a street is the country, of which a city has one and not many.
  if (own.has('city') && (own.has('street') || own.has('street_number')) && !own.has('country'))
    own.set('country', []);
  const kinds = [...own.keys()].sort((a, b) => order.indexOf(a) - order.indexOf(b));
  const values = inTheirCountries(
    kinds.map((kind) => ({ kind, tags: sayingAll(own.get(kind)!, said, kind, statistics) })),
    statistics,
  );
  if (values.some(({ tags }) => tags.length === 0)) return [];
  const isRun =
    runs.some((run) => kinds.every((kind) => kind in run)) &&
    order.indexOf(kinds.at(-1)!) - order.indexOf(kinds[0]!) === kinds.length - 1;
  if (!isRun) return [placed(values, null, statistics)];

  // Of the first column it matters what comes after a word, of the last what comes before it.
  const groups = values.map(({ kind, tags }, i) => {
    const [isFirst, isLast] = [i === 0, i === kinds.length - 1];
    const byKey = Map.groupBy(tags, (tag) => keyOf(tag, own.get(kind)!, isFirst, isLast, said, statistics));
    const unclear = byKey.get(null) ?? [];
    byKey.delete(null);
    const single = unclear.length > mostSingle ? [] : unclear.map((tag) => [tag]);
    const alike = [...byKey.values(), ...single].map((some) => ({ kind, tags: some, isAlike: true }));
    return single.length < unclear.length ? [...alike, { kind, tags: unclear, isAlike: false }] : alike;
  });
  const combined = groups.reduce<(typeof groups)[number][]>(
    (all, group) => all.flatMap((before) => group.map((one) => [...before, one])),
    [[]],
  );
  return combined.map((one) =>
    placed(one, one.every(({ isAlike }) => isAlike) ? one.map(first) : null, statistics),
  );
}

/** The values of a kind that say all of the words `own`, and no other one of the search. */
function sayingAll(own: string[], said: Said, kind: string, { tags }: Statistics): Tag[] {
  const saying = (word: string) => said.get(word)!.flatMap((one) => (one.kind === kind ? [one.tag] : []));
  const idsOf = (word: string) => new Set(saying(word).map(({ id }) => id));
  const also = own.slice(1).map(idsOf);
  const not = [...said.keys()].filter((word) => !own.includes(word)).map(idsOf);
  const some = own[0] === undefined ? (tags.get(kind) ?? []) : saying(own[0]);
  return some.filter(({ id }) => also.every((ids) => ids.has(id)) && !not.some((ids) => ids.has(id)));
}

/** Cities in one of those countries, and countries of one of those cities, where both are asked for. */
function inTheirCountries(values: Placement['values'], { seen, pairs }: Statistics): Placement['values'] {
  const [cities, countries] = ['city', 'country'].map(
    (name) => values.find(({ kind }) => kind === name)?.tags,
  );
  if (!cities || !countries || !seen || seen.partial.has('pair')) return values;
  const asked = new Set(countries.map(({ id }) => id));
  const around = ({ id }: Tag) => pairs.get(id)?.intersection(asked) ?? new Set<number>();
  const within = cities.filter((city) => around(city).size > 0);
  const reached = new Set(within.flatMap((city) => [...around(city)]));
  return values.map(({ kind, tags }) => {
    if (kind === 'city') return { kind, tags: within };
    return { kind, tags: kind === 'country' ? tags.filter(({ id }) => reached.has(id)) : tags };
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
  said: Said,
  { words }: Statistics,
): string | null {
  const all = wordsOf(tag);
  const isKnown = (word: string) => words.has(word) || said.has(word);
  if (!/^[\p{L}\p{N} ]+$/u.test(tag.value) || !all.every(isKnown)) return null;
  const places = own.map((word) => all.indexOf(word));
  const start = isFirst ? (isLast ? Math.min(...places) : all.length) : 0;
  return `${places.map((place) => place - start)} of ${isFirst || isLast ? '' : all.length}`;
}

const first = ({ kind, tags }: Placement['values'][number]) => ({
  value: tags[0]!.value,
  weight: weights[kind]!,
});

function placed(values: Placement['values'], alike: Placement['alike'], { total }: Statistics): Placement {
  const hasCity = values.some(({ kind }) => kind === 'city');
  const shares = values
    .filter(({ kind }) => kind !== 'country' || !hasCity)
    .map(({ tags }) => tags.reduce((sum, { customers }) => sum + customers, 0) / Math.max(1, total));
  return { values, alike, share: shares.reduce((product, share) => product * Math.min(1, share), 1) };
}
