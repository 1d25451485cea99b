import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { type Sort, sorts } from '../../src/contract/parameters.ts';
import type { Room } from '../rooms.ts';
import { crowd } from './crowd.ts';

type Key = (string | number | null | undefined)[];

const keys: Record<Exclude<Sort, 'relevance'>, (customer: Customer) => Key> = {
  full_name: (one) => [one.first_name, one.last_name],
  first_name: (one) => [one.first_name],
  last_name: (one) => [one.last_name],
  created: (one) => [one.created],
  customer_id: (one) => [one.customer_id],
  city: (one) => [one.address?.city],
  country: (one) => [one.address?.country],
  points: (one) => [one.relationship?.points],
  last_activity: (one) => [one.relationship?.last_activity],
  last_updated: (one) => [one.last_updated],
};
const plainSorts = sorts.filter((sort) => sort !== 'relevance');
const descendingByDefault = ['created', 'last_activity', 'last_updated', 'points'];

// UTF-8 sorts bytewise in the order of code points. UTF-16, and so JavaScript's <, does not.
const compare = (a: string | number, b: string | number) =>
  typeof a === 'number' ? a - Number(b) : Buffer.compare(Buffer.from(a), Buffer.from(String(b)));

/** The order of the contract: ties by id in the same direction, nulls last in both directions. */
export function ordered(
  customers: Customer[],
  sort: Exclude<Sort, 'relevance'>,
  descending: boolean,
): Customer[] {
  const sign = descending ? -1 : 1;
  return customers.toSorted((left, right) => {
    const [a, b] = [keys[sort](left), keys[sort](right)];
    for (const [i, value] of a.entries()) {
      const other = b[i];
      if (value == null && other == null) continue;
      if (value == null || other == null) return value == null ? 1 : -1;
      const difference = compare(value, other);
      if (difference !== 0) return sign * difference;
    }
    return sign * (left.id - right.id);
  });
}

const directions = [true, false];
const every = plainSorts.flatMap((sort) => directions.map((descending) => [sort, descending] as const));
const ids = (customers: { id: number }[]) => customers.map(({ id }) => id);

/** Every order, and walks through all of its pages. */
export function order(room: () => Room) {
  describe('the order', () => {
    test.each(every)('by %s, descending %p, is correct on a single page', async (sort, descending) => {
      const ordering = descending ? 'descending' : 'ascending';
      const page = await room().list(`sort_by=${sort}&ordering=${ordering}&page_size=100`);
      expect(page.results).toEqual(ordered(crowd, sort, descending));
      expect([page.next, page.previous]).toEqual([null, null]);
    });

    test.each(plainSorts)('by %s has its own default direction', async (sort) => {
      const page = await room().list(`sort_by=${sort}&page_size=100`);
      expect(ids(page.results)).toEqual(ids(ordered(crowd, sort, descendingByDefault.includes(sort))));
    });

    test('is newest first by default', async () => {
      expect(ids((await room().list('page_size=100')).results)).toEqual(ids(ordered(crowd, 'created', true)));
      expect(ids((await room().list('page_size=100&ordering=ascending')).results)).toEqual(
        ids(ordered(crowd, 'created', false)),
      );
    });

    test.each(every)(
      'by %s, descending %p, is correct on every page, forwards and backwards',
      async (sort, descending) => {
        const ordering = descending ? 'descending' : 'ascending';
        const filter = 'last_name=s'; // not all customers, so that the walk has to skip some
        const expected = ids(
          ordered(crowd, sort, descending).filter((one) => one.last_name.toLowerCase().includes('s')),
        );
        for (const size of [1, 7]) {
          const query = `${filter}&sort_by=${sort}&ordering=${ordering}&page_size=${size}`;
          expect(await walked(room(), query)).toEqual(expected);
        }
      },
    );
  });

  describe('a page', () => {
    test('links to its neighbours with every parameter as it was written', async () => {
      const first = await room().list('first_name=a&last_name=%53+&city=,&page_size=1&count=none&gender=');
      expect(first.results).toHaveLength(0);
      const page = await room().list('last_name=%53&page_size=3&count=none&gender=&');
      expect(page.next).toMatch(
        /^http:\/\/customers\.test\/api\/v1\/customers\?last_name=%53&page_size=3&count=none&gender=&(page|cursor)=[\w.-]+$/,
      );
      const second = await room().list(page.next!);
      expect(second.previous).toMatch(
        /\?last_name=%53&page_size=3&count=none&gender=&(page|cursor)=[\w.-]+$/,
      );
      expect((await room().list(second.previous!)).results).toEqual(page.results);
    });

    test('can be requested by number', async () => {
      const all = ordered(crowd, 'points', true);
      const pages = await Promise.all([1, 2, 4].map((page) => room().list(`sort_by=points&page=${page}`)));
      expect(pages.map(({ results }) => results)).toEqual(
        [0, 20, 60].map((start) => all.slice(start, start + 20)),
      );
      expect(pages.map(({ previous }) => previous === null)).toEqual([true, false, false]);
      expect(pages.map(({ next }) => next === null)).toEqual([false, false, true]);
      expect((await room().list(pages[1]!.previous!)).results).toEqual(pages[0]!.results);
      expect((await room().list(pages[1]!.next!)).results).toEqual(all.slice(40, 60));
    });

    test('beyond the end is empty', async () => {
      for (const page of [5, 100]) {
        const { results, next, count } = await room().list(`page=${page}&count=exact`);
        expect({ results, next, count }).toEqual({ results: [], next: null, count: 80 });
      }
    });

    test('that is exactly full has no next link when no row follows', async () => {
      expect((await room().list('page_size=80')).next).toBeNull();
      expect((await room().list('page_size=79')).next).toBeString();
    });
  });
}

/** Follows `next` to the end, checks every page on the way back along `previous`, and returns all ids in order. */
async function walked(room: Room, query: string): Promise<number[]> {
  const pages = [await room.list(query)];
  for (let page = pages[0]!; page.next; pages.push(page)) page = await room.list(page.next);
  for (let i = pages.length - 1, page = pages[i]!; i > 0; i--) {
    page = await room.list(page.previous!);
    expect(ids(page.results)).toEqual(ids(pages[i - 1]!.results));
    if (i === 1) expect(page.previous).toBeNull();
  }
  return pages.flatMap(({ results }) => ids(results));
}
