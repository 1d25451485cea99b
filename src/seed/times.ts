import type { Random } from './random.ts';

/** The present of the data. It is fixed, because the same seed must give the same rows on any day. */
export const reference = new Date('2026-11-01T00:00:00Z');

/** A moment: microseconds since the start of the calendar, which is the three years before the reference. */
export type Micros = number;

const dayMillis = 86_400_000;
const dayMicros = dayMillis * 1_000;
const thousands = Array.from({ length: 1_000 }, (_, n) => String(n).padStart(3, '0'));
const clock = Array.from({ length: 86_400 }, (_, s) => new Date(s * 1_000).toISOString().slice(11, 19));
const calendar = days('2023-11-01', reference);
const spanMicros = calendar.length * dayMicros;

/** The days from `from` up to, but not including, `to`, as `YYYY-MM-DD`. */
export function days(from: string, to: Date): string[] {
  const start = Date.parse(from);
  const count = (to.getTime() - start) / dayMillis;
  return Array.from({ length: count }, (_, n) => new Date(start + n * dayMillis).toISOString().slice(0, 10));
}

/** A random moment of the calendar, all equally likely. */
export function anytime(chance: Random): Micros {
  return Math.floor(chance.fine() * spanMicros);
}

/** The moment at a fraction in [0, 1) of the calendar. */
export function into(fraction: number): Micros {
  return Math.floor(fraction * spanMicros);
}

/** The moment at a fraction in [0, 1) of the time from `since` to the reference. */
export function later(since: Micros, fraction: number): Micros {
  return since + Math.floor((spanMicros - since) * fraction);
}

/**
 * UTC with microseconds. A moment before the calendar becomes the first one that the contract can write, one after it
 * the last.
 */
export function time(micros: Micros): string {
  const day = Math.floor(micros / dayMicros);
  const date = calendar[day];
  if (date === undefined) return micros < 0 ? '0001-01-01T00:00:00.000000Z' : '9999-12-31T23:59:59.999999Z';
  const inDay = micros - day * dayMicros;
  const second = Math.floor(inDay / 1_000_000);
  const rest = inDay - second * 1_000_000;
  const millis = Math.floor(rest / 1_000);
  return `${date}T${clock[second]}.${thousands[millis]}${thousands[rest - millis * 1_000]}Z`;
}
