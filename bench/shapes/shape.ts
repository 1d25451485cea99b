import { type Random, random } from '../generate/random.ts';
import { withinLimit } from '../generate/values.ts';
import { listPath } from '../requests.ts';
import type { Row, Vocabulary } from '../vocabulary.ts';
import type { Goal } from './goals.ts';

export type Query = Record<string, string | number>;

/** The growth goal depends on this: lists without a condition, and lists with one. */
export type Kind = 'list' | 'filter';

/** A kind of list request whose times are judged separately. */
export interface Shape {
  /** `filter: first_name, whole`; the part before the colon is its group. */
  name: string;
  kind: Kind;
  goal: Goal;
  paths: string[];
}

/** A shape before values are drawn for it. `query` returns null if the row has no value; then another row is drawn. */
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
  // Seeded by the name, so that a shape's requests do not depend on the other shapes.
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

/** The items in an order drawn from `draw`. */
export function shuffled<T>(items: readonly T[], draw: Random): T[] {
  return items
    .map((item) => ({ item, place: draw.float() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
