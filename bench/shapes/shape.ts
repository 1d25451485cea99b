import { type Random, random } from '../generate/random.ts';
import { withinLimit } from '../generate/values.ts';
import { listPath } from '../requests.ts';
import type { Row, Vocabulary } from '../vocabulary.ts';
import type { Goal } from './goals.ts';

export type Query = Record<string, string | number>;

/** What lists are compared by as the table grows: those without a condition, and those with one. */
export type Kind = 'list' | 'filter';

/** A kind of list request whose times are judged on their own. */
export interface Shape {
  /** `filter: first_name, whole`; what stands before the colon is its group. */
  name: string;
  kind: Kind;
  goal: Goal;
  paths: string[];
}

/** A shape before values are drawn for it. Null where this row has no value for it: then another row is drawn. */
export interface Draft {
  name: string;
  kind: Kind;
  goal: Goal;
  query: (draw: Random, row: Row) => Query | null;
}

/** Draws `count` requests of a shape, from real rows; the same for the same seed and vocabulary. */
export function drawn(
  { query, ...shape }: Draft,
  seed: number,
  vocabulary: Vocabulary,
  count: number,
): Shape {
  // By its name, so that a shape asks the same whichever others are measured with it.
  const draw = random(seed ^ Number(Bun.hash.crc32(shape.name)));
  const paths: string[] = [];
  for (let tries = 0; paths.length < count && tries < 20 * count; tries++) {
    const found = query(draw, draw.pick(vocabulary));
    if (found && Object.values(found).every(fits)) paths.push(pathOf(found));
  }
  return { ...shape, paths };
}

const fits = (value: string | number) => withinLimit(`${value}`) === `${value}`;

export function pathOf(query: Query): string {
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return text.length === 0 ? listPath : `${listPath}?${text.join('&')}`;
}

/** The same items in an order that `draw` decides. */
export function shuffled<T>(items: readonly T[], draw: Random): T[] {
  return items
    .map((item) => ({ item, place: draw.float() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
