import { random as seeded } from '../../src/seed/random.ts';

/** Draws from the seeder's generator. `Math.random` cannot be seeded, but a run must be repeatable. */
export interface Random {
  /** A number in [0, 1). */
  float(): number;
  /** An integer from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** An item of the `[weight, item]` pairs, drawn in proportion to its weight. */
  weighted<T>(items: readonly (readonly [number, T])[]): T;
  chance(probability: number): boolean;
}

export function random(seed: number): Random {
  const source = seeded(seed);
  source.start(0);
  const float = source.fraction;
  const int = (low: number, high: number) => low + Math.floor(float() * (high - low + 1));

  return {
    float,
    int,
    chance: (probability) => float() < probability,
    pick: (items) => items[int(0, items.length - 1)]!,
    weighted: (items) => {
      let rest = float() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        rest -= weight;
        if (rest < 0) return item;
      }
      return items.at(-1)![1];
    },
  };
}
