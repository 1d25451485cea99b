import { type GeneratedRequest, listPath } from '../requests.ts';
import type { Row, Vocabulary } from '../vocabulary.ts';
import { type Shape, shapes } from './mix.ts';
import { random } from './random.ts';

/**
 * Requests of users, in proportion to the shapes' weights: for measurements, not for finding faults. The same seed and
 * vocabulary give the same list. Only a shape with a count names `count`; otherwise each server uses its default.
 */
export function mixedRequests(seed: number, vocabulary: Vocabulary, count: number): GeneratedRequest[] {
  const draw = random(seed);
  const weighted = shapes.map((shape) => [shape.weight, shape] as const);
  const rows = vocabulary.filter((row) => row.address);
  return Array.from({ length: count }, () => request(draw.weighted(weighted), seed, draw.int(0, 1e9), rows));
}

/** Up to `count` distinct requests of one shape, fewer of a slow one; deterministic by seed. */
export function requestsOf(
  shape: Shape,
  seed: number,
  vocabulary: Vocabulary,
  count: number,
): GeneratedRequest[] {
  const rows = vocabulary.filter((row) => row.address);
  const all = Array.from({ length: shape.slow ? Math.ceil(count / 4) : count }, (_, index) =>
    request(shape, seed, index, rows),
  );
  return all.filter(({ path }, index) => all.findIndex((other) => other.path === path) === index);
}

function request(shape: Shape, seed: number, index: number, rows: readonly Row[]): GeneratedRequest {
  const draw = random(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  const query = Object.entries(shape.query(draw, draw.pick(rows)));
  const text = query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return { shape: shape.name, path: text === '' ? listPath : `${listPath}?${text}`, status: 200, walk: 0 };
}
