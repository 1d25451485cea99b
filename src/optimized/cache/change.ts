import type { Listing, Row } from '../listing/listing.ts';
import { type Version, version } from '../listing/match.ts';
import { valuesOf } from '../listing/rows.ts';

// Parses the changes that the database reports.

/** What a transaction did to one row. */
export interface Change {
  id: number;
  /** the transaction */
  xid: number;
  /** null: the row did not exist */
  before: Version | null;
  after: Version | null;
  /** the extent of the change is unknown: any page may be affected */
  everything: boolean;
}

type Written = [row: Row, words: string[]] | null;
type Report = [id: number, xid: number, change: [before: Written, after: Written] | null];

/** Parses a JSON list of changes as the database writes it (104_changes.sql). */
export const readChanges = (listing: Listing, text: string): Change[] =>
  (JSON.parse(text) as Report[]).map(([id, xid, change]) => {
    const [before, after] = change?.map((one) => read(listing, one)) ?? [null, null];
    return {
      id,
      xid,
      before: before!,
      after: after!,
      everything: change === null || !isComparable(listing, change),
    };
  });

const read = (listing: Listing, written: Written): Version | null =>
  written && version(valuesOf(listing, written[0]), written[1]);

// A year beyond four digits does not compare as text; neither does one BC, nor an infinite time.
const isComparable = ({ columns }: Listing, versions: Written[]): boolean =>
  versions.every((written) =>
    columns.every(({ type, at }) => {
      const text = written?.[0][at];
      return (type !== 'timestamptz' && type !== 'date') || text == null || /^\d{4}-(?!.*BC$)/.test(text);
    }),
  );
