import {
  alternativesOf,
  askable,
  hasPhrase,
  meaningOf,
  partsOf,
  type Query,
  type Understood,
} from '../search/meaning.ts';
import { add, all, type Bits, count, intersect, none, rowsOf, unite, without } from './bits.ts';
import { fold } from './fold.ts';
import type { Column, Listing } from './listing.ts';
import { type Part, type Predicate, predicates } from './match.ts';
import { type Different, firstAt, type Sample, valuesWith } from './sample.ts';

// Estimates selectivity: how many rows pass the conditions of a list, by evaluating each condition on the sample.

/** What the sample shows about the conditions of a list. Row counts are scaled to the listing, except in `matches`. */
export interface Survey {
  sample: Sample;
  /** how many rows pass the conditions of all these parameters; at least half a row of the sample */
  passing(parameters: readonly string[]): number;
  /** the lengths of the posting lists that the inverted index reads for the condition of these parameters, one for each word */
  entries(parameters: readonly string[]): readonly number[];
  /** how many rows pass a range and lie in it between the first and the last that pass the conditions of these parameters */
  spanned(parameters: readonly string[], range: { column: Column; parameters: readonly string[] }): number;
  /** how many different values these columns have in the rows that pass: the likely number, and an upper bound */
  different(parameters: readonly string[], columns: readonly Column[]): { likely: number; most: number };
  /** how many rows have all words for each one that has them side by side where PostgreSQL requires it, as in a date */
  dilution: number;
  /** the rows of the sample that pass the conditions of these parameters, or all conditions, and their number */
  matches(parameters?: readonly string[]): Matches;
}

export interface Matches {
  rows: Bits;
  count: number;
}

/** Evaluates each condition on the sample. */
export function survey(sample: Sample, listing: Listing, request: Understood): Survey {
  const { rows, total } = sample;
  const scale = total / Math.max(1, rows.length);
  const passed = new Map<string, Bits>();
  const read = new Map<string, readonly number[]>();
  const asked = predicates(listing, request, (guess) => guess);
  for (const [parameter, predicate] of asked) {
    passed.set(parameter, passingOf(sample, predicate));
    const said = predicate.find((part) => 'query' in part);
    if (!said) continue;
    // For a number: the rows that have it as a word, and not only as a substring.
    if (predicate.length > 1) passed.set(`${parameter} as a word`, passingOf(sample, [said]));
    else if (said.query) read.set(parameter, entriesOf(sample, said.query));
  }
  // The choice of an access path needs the same figures several times.
  const known = new Map<string, Matches>();
  const counts = new Map<string, ReturnType<Survey['different']>>();
  const matches = (parameters: readonly string[] = [...asked.keys()]): Matches =>
    known.getOrInsertComputed(parameters.join('\n'), () =>
      joint(
        parameters.flatMap((one) => passed.get(one) ?? []),
        rows.length,
      ),
    );
  const passing = (parameters: readonly string[]) => Math.max(0.5, matches(parameters).count) * scale;
  const entries = (parameters: readonly string[]) => {
    const known = parameters.flatMap((one) => read.get(one) ?? []);
    return known.length === 0 ? [passing(parameters)] : known.map((one) => one * scale);
  };
  const spanned: Survey['spanned'] = (parameters, { column, parameters: of }) =>
    spannedBy(sample, matches(parameters).rows, column, matches(of).rows) * scale;
  // A dictionary lookup finds values of one column, but a row may pass by another column.
  const passingBy = (parameters: readonly string[], { at }: Column): Matches => {
    const parts = parameters.length === 1 ? (asked.get(parameters[0]!) ?? []) : [];
    const part = parts.length > 1 ? parts.find((one) => 'at' in one && one.at === at) : undefined;
    return part ? joint([passingOf(sample, [part])], rows.length) : matches(parameters);
  };
  const different = (parameters: readonly string[], columns: readonly Column[]) => {
    const key = [...parameters, ...columns.map(({ name }) => name)].join('\n');
    return counts.getOrInsertComputed(key, () => {
      const each = columns.map((column) => differentOf(sample, passingBy(parameters, column), column));
      return { likely: sum(each.map(({ likely }) => likely)), most: sum(each.map(({ most }) => most)) };
    });
  };
  const phrases = ({ search, meanings }: Understood) =>
    search?.kind === 'words'
      ? partsOf(search).filter((word) => hasPhrase(meaningOf(word, meanings) ?? ''))
      : [];
  let dilution: number | undefined;
  return {
    ...{ sample, passing, entries, spanned, different, matches },
    get dilution() {
      dilution ??= dilutionOf(sample, listing, matches(), phrases(request));
      return dilution;
    },
  };
}

/** Words side by side are very likely a substring of one text: a text vector is built from one text after the other. */
function dilutionOf(
  sample: Sample,
  { columns }: Listing,
  { rows, count: having }: Matches,
  phrases: string[],
): number {
  if (phrases.length === 0) return 1;
  const each = phrases.map((text) =>
    passingOf(
      sample,
      columns.map(({ at }) => ({ at, passes: () => false, by: { text: fold(text) } })),
    ),
  );
  const { count } = joint([rows, ...each], sample.rows.length);
  return Math.max(0.5, having) / Math.max(0.5, count);
}

const sum = (numbers: readonly number[]) => numbers.reduce((before, one) => before + one, 0);

/**
 * The lengths of the posting lists that the inverted index reads for a query, in rows of the sample; none for one word. Alternatives are
 * one list: each adds the length of its rarest word's list, times its words.
 */
function entriesOf({ having }: Sample, query: Query): readonly number[] {
  if (typeof query === 'string') return [];
  const rows = (word: string) => Math.max(0.5, having(word).length);
  return askable(query).map((one) =>
    sum(alternativesOf(one).map((some) => some.length * Math.min(...some.map(rows)))),
  );
}

function passingOf(sample: Sample, predicate: Predicate): Bits {
  const bits = none(sample.rows.length);
  for (const part of predicate) mark(bits, sample, part);
  return bits;
}

/** Adds to `bits` the rows that pass a part of a condition. */
function mark(bits: Bits, sample: Sample, part: Part): void {
  const { rows, column } = sample;
  if ('at' in part) {
    const different = column(part.at);
    const passing = passingIn(different, part);
    for (let row = 0; row < rows.length; row++) add(bits, row, passing[different.of[row]!]!);
    return;
  }
  unite(bits, part.query === undefined ? all(rows.length) : rowsWith(sample, part.query));
}

/** The rows whose words match a query; word positions are ignored. */
function rowsWith(sample: Sample, query: Query): Bits {
  const { rows, having } = sample;
  const found = none(rows.length);
  if (typeof query === 'string') {
    for (const row of having(query)) add(found, row);
    return found;
  }
  const each = query.of.map((one) => rowsWith(sample, one));
  if (query.operator === 'not') return without(all(rows.length), each[0]!);
  if (query.operator !== 'or') return joint(each, rows.length).rows;
  for (const one of each) unite(found, one);
  return found;
}

/** For each different value of a column, 1 if it passes, else 0. */
function passingIn(different: Different, { by, passes }: Extract<Part, { at: number }>): Uint8Array {
  const { values } = different;
  if (by === undefined) return Uint8Array.from(values, (value) => Number(passes(value, null)));
  const passing = new Uint8Array(values.length);
  if (by === 'from')
    return passing.fill(
      1,
      firstAt(values, (value) => passes(value, null) === true),
    );
  if (by === 'to')
    return passing.fill(
      1,
      Number(values[0] === null),
      firstAt(values, (value) => passes(value, null) !== true),
    );
  for (const i of valuesWith(different, by.text)) passing[i] = 1;
  return passing;
}

function joint(each: readonly Bits[], length: number): Matches {
  const rows = all(length);
  for (const one of each) intersect(rows, one);
  return { rows, count: count(rows) };
}

/** Rows may have this many times the expected number of different values, since those with frequent values have fewer. */
const doubt = 4;

/**
 * How many different values a column has in all rows that pass: those that the sample's matches show, and a share of all its values. That
 * is the share of the listing's rows that pass with a value not shown. Among rows that pass, such rows are as frequent as matches with a
 * value shown once (Good, 1953, https://doi.org/10.1093/biomet/40.3-4.237).
 */
function differentOf({ column, rows, total, distinct }: Sample, matches: Matches, { at }: Column) {
  const { count } = matches;
  const passing = (Math.max(0.5, count) * total) / Math.max(1, rows.length);
  const { values, of } = column(at);
  const seen = new Uint16Array(values.length);
  let [shown, once] = [0, 0];
  const having = rowsOf(matches.rows);
  for (let i = 0; i < having.length; i++) {
    const times = ++seen[of[having[i]!]!]!;
    if (times === 1) shown += 1;
    if (times <= 2) once += times === 1 ? 1 : -1;
  }
  const hidden = (once + 1) / (count + 1);
  const expected = shown + ((distinct.get(at) ?? 0) * hidden * passing) / total;
  return { likely: Math.min(passing, expected), most: Math.min(passing, doubt * expected) };
}

/** How many of `rows` have a value of a column between the first and the last value of `others`. */
function spannedBy(sample: Sample, others: Bits, { at }: Column, rows: Bits): number {
  const { of, values } = sample.column(at);
  let [first, last] = [values.length, -1];
  for (const row of rowsOf(others)) {
    const value = of[row]!;
    if (values[value] === null) continue;
    first = Math.min(first, value);
    last = Math.max(last, value);
  }
  return rowsOf(rows).reduce((sum, row) => sum + Number(of[row]! >= first && of[row]! <= last), 0);
}
