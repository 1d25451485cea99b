// What the report says about an access path. Which path a request took is recorded with the measurement, never written
// here.

/** By the name that the server sends; several statements are `walk+collect`. */
const descriptions: Record<string, string> = {
  walk: 'reads an index in the order of the list until the page is full',
  collect: 'collects all matches from the inverted index, and sorts them',
  buckets: 'collects the matches of one part of the order after the other, until the page is full',
  scan: 'reads the blocks of the table that no range excludes',
  rank: 'ranks every match of the search',
};

export const notRecorded = 'not recorded';

/** `walk+collect` as `reads an index …, then collects …`; a name that is not known as it is. */
export const describePath = (path: string): string =>
  path
    .split('+')
    .map((name) => descriptions[name] ?? name)
    .join(', then ');
