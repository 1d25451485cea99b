// The report's descriptions of access paths. The path that a request took is recorded with the measurement, never written
// here.

/** Keyed by the name that the server sends; several statements give `walk+collect`. */
const descriptions: Record<string, string> = {
  walk: 'reads an index in the order of the list until the page is full',
  keys: 'reads the keys of an index in the order of the list, and rows only where the key passes',
  collect: 'collects all matches from the inverted index and sorts them',
  buckets: 'collects the matches bucket by bucket, in the order of the list, until the page is full',
  scan: 'reads the table, or the rows of a range that the zone map narrows',
  rank: 'ranks every match of the search',
};

export const notRecorded = 'not recorded';

/** `walk+collect` as `reads an index …, then collects …`; an unknown name stays as it is. */
export const describePath = (path: string): string =>
  path
    .split('+')
    .map((name) => descriptions[name] ?? name)
    .join(', then ');
