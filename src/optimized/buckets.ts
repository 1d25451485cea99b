// Values of columns of many values, counted in buckets: 3.5 is the middle of the bucket that begins at 3. The buckets
// themselves are made by the functions of 101_read_model.sql; this is for guessing alone.

const day = 86_400_000;
const first = Date.UTC(2001, 0, 1);
const weeks = (time: string) => (Date.parse(time) - first) / (7 * day);
const years = (date: string) => (Date.parse(date) - Date.UTC(1970, 0, 1)) / (365.2425 * day) + 1970;

const positions: Record<string, (value: string | number) => number> = {
  created: (value) => weeks(String(value)),
  last_updated: (value) => weeks(String(value)),
  last_activity: (value) => weeks(String(value)),
  points: (value) => Number(value) / 100,
  birthday: (value) => years(String(value)),
};

/** Where `value` of the column `kind` lies; 0 for a column without buckets. */
export const positionOf = (kind: string, value: string | number): number => positions[kind]?.(value) ?? 0;

/** Where the bucket that is called `value` begins, and how wide it is. */
export function bucketOf(kind: string, value: string): { start: number; width: number } {
  // Below a hundred each number of points has a bucket of its own, such as 00000000.07.
  const width = kind === 'points' && value.includes('.') ? 0.01 : 1;
  const start =
    kind === 'points' || kind === 'birthday' ? Number(value) : Math.round(positionOf(kind, value));
  return { start, width };
}
