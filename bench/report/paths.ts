// What the report says about an access path. Which path a request took is recorded with the measurement, never written
// here.

/** By the name that the server sends; several statements are `walk+collect`. */
const descriptions: Record<string, string> = {
  walk: 'reads an index in the order of the list until the page is full',
  merge: 'merges the first customers of each matching value, each from an index in the order of the list',
  collect: 'collects all matches from an index, and sorts them',
  group: 'collects the matches of one part of the list after the other until the page is full',
  relevance: 'reads the matches in the order of their rank, from indexes',
  none: 'knows before any customer is read that nothing matches',
};

export const notRecorded = 'not recorded';

/** `walk+collect` as `reads an index …, then collects …`; a name that is not known as it is. */
export const describePath = (path: string): string =>
  path
    .split('+')
    .map((name) => descriptions[name] ?? name)
    .join(', then ');
