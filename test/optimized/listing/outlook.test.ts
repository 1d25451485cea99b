import { describe, expect, test } from 'bun:test';
import { random } from '../../../bench/generate/random.ts';
import { readList } from '../../../src/contract/list.ts';
import { customers as listing, render } from '../../../src/optimized/columns.ts';
import { conditions } from '../../../src/optimized/listing/conditions.ts';
import { asking, costs } from '../../../src/optimized/listing/costs.ts';
import type { Position } from '../../../src/optimized/listing/cursor.ts';
import { columnOf } from '../../../src/optimized/listing/listing.ts';
import { type Version, version } from '../../../src/optimized/listing/match.ts';
import { outlook } from '../../../src/optimized/listing/outlook.ts';
import { short } from '../../../src/optimized/listing/queue.ts';
import { estimate, plan } from '../../../src/optimized/listing/read.ts';
import { newReader } from '../../../src/optimized/listing/reader.ts';
import { sampleOf } from '../../../src/optimized/listing/sample.ts';
import { survey } from '../../../src/optimized/listing/survey.ts';
import { parsed } from '../../../src/optimized/search/meaning.ts';

// Tests the distance of a page by a made-up sample: one customer was created per minute, and some were active long ago.

const rows = 4_000;
const at = (minute: number) => new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString();

function customer(minute: number, wasActiveLongAgo: boolean): Version {
  const named: Record<string, string> = {
    ...{ created: at(minute), last_activity: wasActiveLongAgo ? at(0) : at(rows), country: 'A' },
  };
  return version([minute, ...listing.columns.map(({ name }) => named[name] ?? null)], []);
}

/** Rows to read in the order of creation, newest first, for 20 customers who were active long ago and have an address. */
function distance(wereActiveLongAgo: (minute: number) => boolean): number {
  const versions = Array.from({ length: rows }, (_, minute) => customer(minute, wereActiveLongAgo(minute)));
  const request = readList(`http://a/?active_before=${at(1)}&has_address=true`, {
    cursors: true,
    count: 'none',
  });
  const seen = survey(sampleOf(rows, versions), listing, request);
  const beginning = { wanted: 20, from: null, backwards: false, descending: true };
  return outlook(
    ...([seen, listing.orders.created!] as const),
    { each: [['active_before'], ['has_address']], bounds: [], zoned: [['active_before']] },
    beginning,
  ).distance;
}

describe('the distance of a page if the zone map shows where matches lie', () => {
  test('is counted from where they begin', () => {
    expect(distance((minute) => minute < 400)).toBeLessThan(300);
  });

  test('does not include all rows between a few early matches and the many others', () => {
    expect(distance((minute) => minute < 400 || (minute % 390 === 389 && minute > 3_800))).toBeLessThan(300);
    expect(distance((minute) => minute < 400 || minute > 3_990)).toBeLessThan(300);
  });

  test('includes all rows if they lie everywhere', () => {
    expect(distance((minute) => minute % 400 === 0)).toBeGreaterThan(1_000);
    expect(distance((minute) => (minute * 7_919) % 401 === 1)).toBeGreaterThan(1_000);
  });
});

describe('the distance of a page', () => {
  /** The outlook in the order of last names for 20 rows of some cities and genders. Each sample row stands for 100 rows. */
  function ahead(isOfCity: (id: number) => boolean, isMale?: (id: number) => boolean) {
    const versions = Array.from({ length: rows }, (_, id) => {
      const named: Record<string, string> = {
        city: isOfCity(id) ? 'part' : 'B',
        gender: isMale?.(id) ? 'male' : 'female',
        last_name: `${10_000 + id}`,
      };
      return version([id, ...listing.columns.map(({ name }) => named[name] ?? null)], []);
    });
    const gender = isMale ? '&gender=male' : '';
    const request = readList(`http://a/?city=part${gender}`, { cursors: true, count: 'none' });
    const seen = survey(sampleOf(100 * rows, versions), listing, request);
    const beginning = { wanted: 20, from: null, backwards: false, descending: false };
    const each = [['city'], ...(isMale ? [['gender']] : [])];
    return outlook(seen, listing.orders.last_name!, { each, bounds: [], zoned: [] }, beginning);
  }
  const distance = (isOfCity: (id: number) => boolean) => ahead(isOfCity).distance;

  test('is that of evenly spread matches if they are evenly spread', () => {
    expect(distance((id) => id % 401 === 400)).toBeWithin(5_000, 12_000);
    expect(distance((id) => (id * 7_919) % 401 === 1)).toBeWithin(5_000, 12_000);
  });

  test('is rarely that of uneven matches if they are drawn at random', () => {
    const draw = random(3);
    const far = Array.from({ length: 200 }, () => {
      const drawn = Array.from({ length: rows }, () => draw.chance(0.02));
      return distance((id) => drawn[id]!);
    }).filter((one) => one > 4 * (20 / 0.02));
    expect(far.length).toBeLessThanOrEqual(1);
  });

  test('is that of the first matches if several lie together', () => {
    expect(distance((id) => (id > 900 && id < 906) || (id > 3_000 && id < 3_006))).toBeGreaterThan(90_000);
    expect(distance((id) => id < 5 || (id > 3_000 && id < 3_006))).toBeLessThan(1_100);
  });

  test('begins where the last of the conditions begins to hold, if few sample rows pass all of them', () => {
    const isOfCity = (id: number) => id % 100 === 0;
    expect(ahead(isOfCity, (id) => id % 3 === 0).distance).toBeLessThan(10_000);
    const { distance, even } = ahead(isOfCity, (id) => id > 3_000 && id % 7 === 0);
    expect(distance).toBeGreaterThan(300_000);
    expect(even).toBe(distance);
  });

  test('is not that of evenly spread matches if a few come late, which may be by chance', () => {
    const { distance, even } = ahead((id) => id > 2_500 && id % 170 === 0);
    expect(distance).toBeGreaterThan(200_000);
    expect(even).toBeLessThan(20_000);
  });
});

describe('the estimated number of distinct values', () => {
  const city = columnOf(listing, 'city');

  /** The estimate for a listing of 400 000 rows with 40 000 distinct cities, if the sample has these. */
  function likely(cityOf: (id: number) => string): number {
    const versions = Array.from({ length: rows }, (_, id) =>
      version([id, ...listing.columns.map(({ name }) => (name === 'city' ? cityOf(id) : null))], []),
    );
    const sample = sampleOf(100 * rows, versions, new Map([[city.at, 40_000]]));
    const request = readList('http://a/?city=part', { cursors: true, count: 'none' });
    return survey(sample, listing, request).different(['city'], [city]).likely;
  }

  test('is that of the sample if it shows each value often', () => {
    expect(likely((id) => (id < 200 ? 'part' : `${id}`))).toBeLessThan(12);
  });

  test('is the same share of all values as of the rows if the sample shows each value once', () => {
    expect(likely((id) => (id < 200 ? `part ${id}` : `${id}`))).toBeGreaterThan(2_000);
    expect(likely(() => 'another')).toBeGreaterThan(4);
  });
});

describe('a search by relevance', () => {
  // Rows that have a number as a word are ranked first. If most rows have it, all matches are ranked at once.
  test.each([
    ['of a frequent number takes long, at once', 4_000, true],
    ['of a rare one does not, and goes on where it is no word', 4, false],
  ])('%s', (_, having, isLong) => {
    const versions = Array.from({ length: rows }, (_, id) =>
      version([id, ...listing.columns.map(() => null)], id < having ? ['2025'] : []),
    );
    const reader = { ...newReader(listing, render), sample: () => sampleOf(50 * rows, versions) };
    const request = readList('http://a/?search=2025&sort_by=relevance', { cursors: true, count: 'none' });
    const [first] = plan(reader, request, { rows: 20, skip: 0, position: null });
    expect([first!.path, first!.final, first!.cost! > short]).toEqual(['rank', isLong, isLong]);
  });
});

describe('a list by relevance of a number', () => {
  const versions = Array.from({ length: rows }, (_, id) =>
    version(
      [id, ...listing.columns.map(({ name }) => (name === 'customer_id' ? `C${id}x` : null))],
      ['2025'],
    ),
  );
  const reader = { ...newReader(listing, render), matching: { customer_id: 'grams' as const } };
  const first = (query: string) => {
    const request = readList(`http://a/?${query}&sort_by=relevance`, { cursors: true, count: 'none' });
    const known = { ...reader, sample: () => sampleOf(1_000 * rows, versions) };
    return [...plan(known, request, { rows: 20, skip: 0, position: null })][0]!;
  };

  test('uses the index for another condition if few rows pass that', () => {
    const { text, cost, final } = first('search=2025&customer_id=C1234x');
    expect(text).toContain('listing_grams("customer_id") @@');
    expect(final).toBe(true);
    expect(cost!).toBeLessThan(first('search=2025').cost! / 100);
  });
});

describe('the values that contain a number', () => {
  test('are counted column by column, not in every row that has the number anywhere', () => {
    const texts: Record<string, (id: number) => string> = {
      city_code: (id) => `${10_000 + id}`,
      phone_number: () => '+4711',
    };
    const versions = Array.from({ length: rows }, (_, id) =>
      version([id, ...listing.columns.map(({ name }) => texts[name]?.(id) ?? null)], []),
    );
    const reader = newReader(listing, render);
    const sample = sampleOf(100 * rows, versions);
    const request = readList('http://a/?search=711', { cursors: true, count: 'none' });
    const seen = survey(sample, listing, request);
    const [number] = conditions({ ...reader, sample: () => sample }, request);
    // All 4 000 rows, with as many city codes, have it in their phone number. Four city codes contain it themselves.
    expect(number!.lookedUp!.map(({ name }) => name)).toContain('city_code');
    expect(seen.passing(['search 711'])).toBe(100 * rows);
    expect(seen.different(['search 711'], [columnOf(listing, 'city_code')]).likely).toBeLessThan(20);
  });
});

/** The request of a search that PostgreSQL parses into this query. */
function meant(search: string, query: string) {
  const request = readList(`http://a/?search=${search}`, { cursors: true, count: 'none' });
  return { ...request, meanings: new Map([[search, parsed(query)]]) };
}

describe('a search with operators', () => {
  test('is expected to be checked at the entries of the rarest word of each alternative', () => {
    const versions = Array.from({ length: rows }, (_, id) =>
      version(
        [id, ...listing.columns.map(() => null)],
        ['north', ...(id < rows / 2 ? ['south'] : []), ...(id < 10 ? ['pole'] : [])],
      ),
    );
    const entries = (search: string, query: string) =>
      survey(sampleOf(rows, versions), listing, meant(search, query)).entries(['search']);
    expect(entries('"south pole"', "'south' <-> 'pole'")).toEqual([rows / 2, 10]);
    expect(entries('pole -north', "'pole' & !'north'")).toEqual([10]);
    expect(entries('pole or south -north', "'pole' | 'south' & !'north'")).toEqual([10 + rows / 2]);
    expect(entries('"north south" or pole', "'north' <-> 'south' | 'pole'")).toEqual([2 * (rows / 2) + 10]);
  });

  test('is expected to match where its words match', () => {
    const versions = Array.from({ length: rows }, (_, id) =>
      version(
        [id, ...listing.columns.map(() => null)],
        ['north', ...(id < rows / 2 ? ['south'] : []), ...(id < 10 ? ['pole'] : [])],
      ),
    );
    const passing = (search: string, query: string) =>
      survey(sampleOf(rows, versions), listing, meant(search, query)).passing(['search']);
    expect(passing('"south pole"', "'south' <-> 'pole'")).toBe(10);
    expect(passing('north -pole', "'north' & !'pole'")).toBe(rows - 10);
    expect(passing('pole or -south', "'pole' | !'south'")).toBe(rows / 2 + 10);
  });
});

describe('words that occur in the same rows', () => {
  test('are expected there if a number beside them is compared with each of its values', () => {
    const versions = Array.from({ length: rows }, (_, id) => {
      const named: Record<string, string> = { phone_number: id % 4 === 1 ? `59421${id}` : `1${id}` };
      const words = id < rows / 10 ? ['lang-corwin', 'lang', 'corwin'] : [];
      return version([id, ...listing.columns.map(({ name }) => named[name] ?? null)], words);
    });
    const sample = sampleOf(100 * rows, versions);
    const request = {
      ...readList('http://a/?search=Lang-Corwin 5942', { cursors: true, count: 'none' }),
      meanings: new Map([['Lang-Corwin', parsed("'lang-corwin' <-> 'lang' <-> 'corwin'")]]),
    };
    const seen = survey(sample, listing, request);
    const [number, name] = conditions({ ...newReader(listing, render), sample: () => sample }, request);
    const { likely } = seen.different(number!.parameters, number!.lookedUp!);
    expect(likely).toBeGreaterThan(rows / 5);
    const compared = seen.passing(name!.parameters) * (likely - 1) * costs.alternative;
    expect(asking([name!, number!], seen, null)).toBeGreaterThan(compared);
  });
});

describe('an order whose column has a value in no row', () => {
  const versions = Array.from({ length: rows }, (_, id) => {
    const named: Record<string, string> = { city: id < 40 ? 'part' : 'B' };
    return version([id, ...listing.columns.map(({ name }) => named[name] ?? null)], []);
  });
  const pathsOf = (from: Position | null) => {
    const sample = sampleOf(100 * rows, versions);
    const reader = { ...newReader(listing, render), sample: () => sample };
    const request = readList('http://a/?city=part&sort_by=points', { cursors: true, count: 'none' });
    return estimate(reader, request, { rows: 21, skip: 0, position: from }).ahead!;
  };
  const position = { key: [null], id: 10, inclusive: false };

  test('is read beyond all values from the beginning, but not from a cursor there', () => {
    expect(pathsOf(null).isNull).toBe(true);
    expect(pathsOf({ ...position, backwards: false }).isNull).toBe(false);
    expect(pathsOf({ ...position, backwards: true }).isNull).toBe(false);
  });
});

describe('a word with dots or underscores', () => {
  const having = (words: (id: number) => string[]) =>
    Array.from({ length: rows }, (_, id) => version([id, ...listing.columns.map(() => null)], words(id)));
  const seenOf = (search: string, query: string, versions: ReturnType<typeof having>) =>
    survey(sampleOf(rows, versions), listing, meant(search, query));
  const word = ['search www.example.com'];

  test('is not expected in parts if the parser leaves it whole', () => {
    const seen = seenOf(
      ...(['www.example.com', "'www.example.com'"] as const),
      having((id) => (id < rows / 2 ? ['www.example.com'] : [])),
    );
    expect(seen.passing(word)).toBe(rows / 2);
    expect(seen.entries(word)).toEqual([rows / 2]);
    expect(seen.dilution).toBe(1);
  });

  test('is expected as adjacent words if the parser splits it', () => {
    const seen = seenOf(
      ...(['www_example_com', "'www' <-> 'example' <-> 'com'"] as const),
      having((id) => ['www', 'com', ...(id < 8 ? ['example'] : [])]),
    );
    const word = ['search www_example_com'];
    expect(seen.passing(word)).toBe(8);
    expect(seen.entries(word)).toEqual([rows, 8, rows]);
    expect(seen.dilution).toBeGreaterThan(1);
  });
});
