/** A small seeded generator (mulberry32). `Math.random` cannot be seeded, and a run must be repeatable. */
export interface Random {
  /** A number in [0, 1). */
  float(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  pick<T>(items: readonly T[]): T;
  /** An item of `[weight, item]` pairs, drawn in proportion to its weight. */
  weighted<T>(items: readonly (readonly [number, T])[]): T;
  chance(probability: number): boolean;
}

export function random(seed: number): Random {
  let state = seed >>> 0;

  function float(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

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
