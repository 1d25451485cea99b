/**
 * A seeded source of 32-bit numbers that can jump to any customer. Its output after `start(i)` depends only on
 * (seed, i), so workers can split the work in any way and still make the same rows.
 * The generator is xoroshiro64** (https://prng.di.unimi.it/xoroshiro64starstar.c).
 */
export interface Random {
  start(i: number): void;
  /** An integer from 0 to 2^32 - 1. */
  next(): number;
  /** A fraction in [0, 1) with 32 bits. */
  fraction(): number;
  /** A fraction in [0, 1) with 53 bits, for values in microseconds. */
  fine(): number;
}

export function random(seed: number): Random {
  const first = mix(seed ^ 0x5eed5eed);
  const second = mix(first + 0x9e3779b9);
  let a = 0;
  let b = 0;

  function next(): number {
    const scrambled = Math.imul(a, 0x9e3779bb);
    const result = Math.imul((scrambled << 5) | (scrambled >>> 27), 5) >>> 0;
    b ^= a;
    a = ((a << 26) | (a >>> 6)) ^ b ^ (b << 9);
    b = (b << 13) | (b >>> 19);
    return result;
  }

  return {
    start(i) {
      a = mix(i ^ first);
      b = mix(i + second) | 1; // never both zero: the generator would be stuck there
      next();
    },
    next,
    fraction: () => next() / 2 ** 32,
    fine: () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53,
  };
}

/** A whole number from 0 up to, but not including, `count`. */
export function pick(chance: Random, count: number): number {
  return Math.floor(chance.fraction() * count);
}

/** One of the values, all equally likely. */
export function oneOf<T>(chance: Random, values: readonly T[]): T {
  return values[pick(chance, values.length)]!;
}

/** Mixes 32 bits one-to-one (the finalizer of MurmurHash3): different inputs never give the same output. */
export function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
