import { describe, expect, test } from 'bun:test';
import { faults } from '../../../bench/generate/faults.ts';
import { mixedRequests } from '../../../bench/generate/mixed.ts';
import { type GeneratedRequest, requests } from '../../../bench/requests.ts';
import type { Row } from '../../../bench/vocabulary.ts';
import { readList } from '../../../src/contract/list.ts';
import { parameters, sorts } from '../../../src/contract/parameters.ts';
import { type CustomerRows, customers } from '../../../src/seed/customer.ts';
import { type ProfileName, profiles } from '../../../src/seed/profiles/index.ts';
import { apiValues } from '../../api-customer.ts';

const instant = '2024-11-22T15:23:10.832661Z';
const row = (id: number): Row => ({
  id,
  first_name: 'Anthony',
  last_name: "O'Heights",
  gender: 'male',
  customer_id: id.toString(16).padStart(32, '0123456789abcdef'),
  phone_number: id % 3 ? '+4915112345678' : null,
  created: instant,
  birthday: id % 5 ? '1990-05-20' : null,
  last_updated: instant,
  address:
    id % 10 ? { country: 'X', city: 'München', city_code: '1', street: null, street_number: null } : null,
  relationship: id % 7 ? { points: id, last_activity: id % 2 ? instant : null } : null,
});
const vocabulary = Array.from({ length: 50 }, (_, index) => row(index + 1));

function take(count: number, seed = 7): GeneratedRequest[] {
  const source = requests(seed, vocabulary);
  return Array.from({ length: count }, () => source.next().value);
}
const many = take(5_000);
const valid = many.filter((request) => request.status === 200);
const queries = valid.map((request) => new URL(request.path, 'http://a').searchParams);
const values = (name: string) => new Set(queries.flatMap((query) => query.getAll(name)));

describe('generated requests', () => {
  test('are the same for the same seed, and different for another', () => {
    expect(take(300)).toEqual(many.slice(0, 300));
    expect(take(300, 8)).not.toEqual(many.slice(0, 300));
  });

  const used = Object.keys(parameters).filter((name) => name !== 'cursor');
  test.each(used)('use %s with more than one value, alone and with other parameters', (name) => {
    const users = queries.filter((query) => query.has(name));
    expect(values(name).size).toBeGreaterThan(1);
    expect(users.some((query) => query.size === 1)).toBeTrue();
    expect(users.some((query) => query.size > 3)).toBeTrue();
  });

  test('use every sort in both directions and in its default direction', () => {
    const seen = new Set(queries.map((query) => `${query.get('sort_by')} ${query.get('ordering')}`));
    for (const sort of sorts) {
      for (const ordering of ['ascending', 'descending', null]) expect(seen).toContain(`${sort} ${ordering}`);
    }
  });

  test('stay within the pages that both servers serve', () => {
    for (const query of queries) {
      const size = Number(query.get('page_size') ?? 20);
      expect(size * Number(query.get('page') ?? 1)).toBeLessThanOrEqual(10_000);
    }
    expect(values('page_size')).toContain('1');
    expect(values('page_size')).toContain('100');
  });

  test('sort by relevance only with a search, and never repeat a parameter', () => {
    for (const query of queries) {
      if (query.get('sort_by') === 'relevance') expect(query.get('search')).toBeTruthy();
      expect(new Set(query.keys()).size).toBe(query.size);
    }
  });

  test('contain odd texts, empty values, offsets, microseconds and each spelling of a plus', () => {
    expect(queries.some((query) => [...query.values()].includes('%'))).toBeTrue();
    expect(queries.some((query) => [...query.values()].some((text) => text.includes('😀')))).toBeTrue();
    expect(values('first_name')).toContain('');
    expect([...values('created_after')].some((text) => /\.\d{6}[+-]\d\d:\d\d$/.test(text))).toBeTrue();
    const phones = valid.map(({ path }) => /phone_number=([^&]*)/.exec(path)?.[1] ?? '');
    for (const plus of ['+49', '%2B49', '%252B49', '%2049']) {
      expect(phones.some((phone) => phone.startsWith(plus))).toBeTrue();
    }
  });

  test('contain every fault, and walks', () => {
    const invalid = take(20_000).filter((request) => request.status === 422);
    const seen = new Set(invalid.map((request) => request.path.split('?')[1]));
    for (const fault of faults) expect(seen).toContain(fault);
    expect(valid.filter((request) => request.walk > 0).length).toBeGreaterThan(100);
  });
});

describe.each(Object.keys(profiles) as ProfileName[])(
  'requests about customers of the profile %s',
  (name) => {
    const rowsOf = customers(1, name);
    const addressOf = ({ customer: { addressId } }: CustomerRows) =>
      addressId && rowsOf((addressId - 1) * profiles[name].customersPerAddress).address;
    const rows = Array.from({ length: 500 }, (_, i) =>
      rowOf({ ...rowsOf(i), address: addressOf(rowsOf(i)) || null }),
    );
    const understood = ({ path }: GeneratedRequest) => {
      try {
        return readList(`http://a${path}`, { cursors: true, count: 'none' });
      } catch {
        return null;
      }
    };

    test('are accepted or refused as expected, and use values that exist', () => {
      const source = requests(3, rows);
      let asked = 0;
      let found = 0;
      for (let index = 0; index < 5_000; index++) {
        const request = source.next().value;
        const list = understood(request);
        expect({ path: request.path, understood: list !== null }).toEqual({
          path: request.path,
          understood: request.status === 200,
        });
        const city = list?.filters.city;
        if (typeof city !== 'string') continue;
        asked++;
        if (rows.some((row) => row.address?.city.toLowerCase().includes(city.toLowerCase()))) found++;
      }
      expect(found / asked).toBeGreaterThan(0.6);
    });

    test('are also accepted in the mix for measurements', () => {
      for (const request of mixedRequests(3, rows, 3_000)) {
        if (understood(request) === null) throw new Error(`not understood: ${request.path}`);
      }
    });
  },
);

test('requests have no longer texts than the contract allows, even if a change of case makes texts longer', () => {
  const longest = vocabulary.map((each) => ({
    ...each,
    first_name: 'ﬃ'.repeat(128),
    last_name: 'ΐ'.repeat(128),
  }));
  const source = requests(3, longest);
  for (let index = 0; index < 3_000; index++) {
    const { path, status } = source.next().value;
    if (status === 200)
      expect(() => readList(`http://a${path}`, { cursors: true, count: 'none' })).not.toThrow();
  }
});

/** What the API shows of a customer. */
const rowOf = (rows: CustomerRows): Row => {
  const { id, created, lastUpdated } = rows.customer;
  return { ...apiValues(rows), id, created, last_updated: lastUpdated };
};
