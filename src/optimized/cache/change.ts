import type { Customer } from '../../contract/customer.ts';

/** One customer before or after a change, and the words of its text vector. */
export interface Version {
  customer: Customer;
  words: string[];
}

/** What a transaction did to one customer. */
export interface Change {
  id: number;
  /** the transaction */
  xid: number;
  /** null: the customer was not there */
  before: Version | null;
  after: Version | null;
  /** nobody knows what; any page may be another */
  everything: boolean;
}

type Written = [
  id: number,
  xid: number,
  change: [Customer | null, string[] | null, Customer | null, string[] | null] | null,
];

/** Reads a JSON list of changes as the database writes it (106_changes.sql). */
export const readChanges = (text: string): Change[] => (JSON.parse(text) as Written[]).map(read);

function read([id, xid, change]: Written): Change {
  if (change === null) return { id, xid, before: null, after: null, everything: true };
  const [was, wordsBefore, became, wordsAfter] = change;
  return {
    id,
    xid,
    before: version(was, wordsBefore),
    after: version(became, wordsAfter),
    everything: false,
  };
}

const version = (customer: Customer | null, words: string[] | null): Version | null =>
  customer && { customer, words: words ?? [] };
