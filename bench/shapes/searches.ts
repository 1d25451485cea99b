import type { Random } from '../generate/random.ts';
import { piece } from '../generate/values.ts';
import type { Row } from '../vocabulary.ts';
import { type Goal, joined, simple } from './goals.ts';
import type { Draft } from './shape.ts';
import { otherSort } from './sorts.ts';

const letters = /[\p{L}]+/gu;
const words = (...texts: (string | null | undefined)[]) =>
  // A lone `or` would be an operator.
  texts.flatMap((text) => text?.match(letters) ?? []).filter((word) => !/^or$/i.test(word));

const names = (row: Row) => words(row.first_name, row.last_name);
const spoken = (row: Row) => [
  ...names(row),
  ...words(row.address?.city, row.address?.country, row.address?.street),
];
const numbers = ({ phone_number, address }: Row) =>
  [phone_number?.replace('+', ''), address?.city_code, address?.street_number].filter((text) =>
    /^\d+$/.test(text ?? ''),
  ) as string[];

/** `count` different words from `from`; null if there are fewer. */
function some(draw: Random, from: string[], count: number): string[] | null {
  const different = [...new Set(from)];
  if (different.length < count) return null;
  return Array.from(
    { length: count },
    () => different.splice(draw.int(0, different.length - 1), 1)[0] as string,
  );
}

const kinds: Record<string, (draw: Random, row: Row) => string[] | null> = {
  'one word, a name': (draw, row) => some(draw, names(row), 1),
  'one word of any text': (draw, row) => some(draw, spoken(row), 1),
  'one word, a customer_id': (_, row) => [row.customer_id],
  'one word, a date': (_, row) => (row.birthday ? [row.birthday] : null),
  'one number, whole': (draw, row) => some(draw, numbers(row), 1),
  'one number, in part': (draw, row) => {
    const number = some(draw, numbers(row), 1);
    return number && [piece(draw, number[0]!, 6, 3)];
  },
  'two words, a full name': (_, row) => [row.first_name, row.last_name],
  'two words of any text': (draw, row) => some(draw, spoken(row), 2),
  'two words, one a part of a number': (draw, row) => {
    const [word, number] = [some(draw, spoken(row), 1), some(draw, numbers(row), 1)];
    return word && number && [...word, piece(draw, number[0]!, 6, 3)];
  },
  'three words of any text': (draw, row) => some(draw, spoken(row), 3),
  'three words, one a number': (draw, row) => {
    const [two, number] = [some(draw, spoken(row), 2), some(draw, numbers(row), 1)];
    return two && number && [...two, ...number];
  },
};

type Finish = (draw: Random) => Record<string, string | number>;

const searched = (group: string, goalOf: (name: string) => Goal, finish: Finish): Draft[] =>
  Object.entries(kinds).map(([name, choose]) => ({
    name: `${group}: ${name}`,
    kind: 'filter',
    goal: goalOf(name),
    query: (draw, row) => {
      const chosen = choose(draw, row);
      return chosen && { search: chosen.join(' '), ...finish(draw) };
    },
  }));

/** Searches in the default order, in another one, and by relevance. */
export const searching: Draft[] = [
  ...searched(
    'search',
    (name) => (name.startsWith('one') ? simple : joined),
    () => ({}),
  ),
  ...searched('search, other sort', () => joined, otherSort),
  ...searched(
    'search, relevance',
    () => joined,
    () => ({ sort_by: 'relevance' }),
  ),
];
