import { describe, expect, test } from 'bun:test';
import { readList } from '../../../src/contract/list.ts';
import { customers as listing } from '../../../src/optimized/columns.ts';
import { type Version, version } from '../../../src/optimized/listing/match.ts';
import { outlook, sampleOf, survey } from '../../../src/optimized/listing/sample.ts';

// How far a page is, as a made up sample shows it: customers created one a minute, of whom some were active long ago.

const rows = 4_000;
const at = (minute: number) => new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString();

function customer(minute: number, wasActiveLongAgo: boolean): Version {
  const named: Record<string, string> = {
    ...{ created: at(minute), last_activity: wasActiveLongAgo ? at(0) : at(rows), country: 'A' },
  };
  return version([minute, ...listing.columns.map(({ name }) => named[name] ?? null)], []);
}

/** Rows to read in the order of creation, newest first, for the 20 who were active long ago and have an address. */
function distance(wereActiveLongAgo: (minute: number) => boolean): number {
  const versions = Array.from({ length: rows }, (_, minute) => customer(minute, wereActiveLongAgo(minute)));
  const request = readList(`http://a/?active_before=${at(1)}&has_address=true`, {
    cursors: true,
    count: 'none',
  });
  const seen = survey(sampleOf(rows, versions), listing, request);
  const beginning = { wanted: 20, from: null, backwards: false, descending: true };
  return outlook(seen, listing.orders.created!, [], [['active_before']], beginning).distance;
}

describe('the distance of a page, where the zone map says where matches lie', () => {
  test('is that behind where they begin', () => {
    expect(distance((minute) => minute < 400)).toBeLessThan(150);
  });

  test('is not that of all rows between a few at the beginning and the many', () => {
    expect(distance((minute) => minute < 400 || (minute % 390 === 389 && minute > 3_800))).toBeLessThan(150);
    expect(distance((minute) => minute < 400 || minute > 3_990)).toBeLessThan(150);
  });

  test('is that of all rows where they lie everywhere', () => {
    expect(distance((minute) => minute % 400 === 0)).toBeGreaterThan(1_000);
    expect(distance((minute) => (minute * 7_919) % 401 === 1)).toBeGreaterThan(1_000);
  });
});
