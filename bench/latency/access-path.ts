/** Number of answers by access path, named as the server reports it: `walk`, `walk+collect`. */
export type PathCounts = Record<string, number>;

/**
 * The access path of one answer, from its `Server-Timing` header or its whole head: `path;desc="walk"`, or
 * `path;desc="walk+collect"` for several statements. Null if the server does not report it.
 */
export const accessPath = (head: string | null): string | null =>
  /\bpath;\s*desc="?([^",;\s]+)/.exec(head ?? '')?.[1] ?? null;

/** Counts the paths of answers and skips answers without one. */
export function countPaths(paths: Iterable<string | null>): PathCounts {
  const counts: PathCounts = {};
  for (const path of paths) if (path !== null) counts[path] = (counts[path] ?? 0) + 1;
  return counts;
}

/** The names of all paths in these counts, the most frequent first. */
export function byFrequency(counts: PathCounts[]): string[] {
  const sums = new Map<string, number>();
  for (const [path, count] of counts.flatMap(Object.entries<number>))
    sums.set(path, (sums.get(path) ?? 0) + count);
  return [...sums]
    .toSorted(([one, a], [other, b]) => b - a || one.localeCompare(other))
    .map(([path]) => path);
}
