import { describe, expect, test } from 'bun:test';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';

const long = 'a'.repeat(201);
const number = /a number/;
const whole = (range: string) => new RegExp(`whole number from ${range}$`);
const date = /date, YYYY-MM-DD/;
const time = /RFC 3339/;
const utf8 = /percent-encoded UTF-8/;

type Fault = [parameter: string, message: RegExp];
const faults: [query: string, ...expected: Fault[]][] = [
  ['firstname=x', ['firstname', /not known; the nearest known name is first_name$/]],
  ['sort=points', ['sort', /nearest known name is sort_by$/]],
  ['FIRST_NAME=x', ['FIRST_NAME', /nearest known name is first_name$/]],
  ['constructor=x', ['constructor', /not known/]],
  ['__proto__=x', ['__proto__', /not known/]],
  ['=x', ['', /not known/]],
  ['first_name=a&first_name=b', ['first_name', /once/]],
  ['gender=&gender=', ['gender', /once/]],
  ['firs%74_name=a&first_name=a', ['first_name', /once/]],
  ['city=%', ['city', utf8]],
  ['city=%F', ['city', utf8]],
  ['city=%FF', ['city', utf8]],
  ['city=%C3', ['city', utf8]],
  ['city=%C0%80', ['city', utf8]],
  ['%FF=x', ['%FF', utf8]],
  ['search=%ED%A0%80', ['search', utf8]], // a lone surrogate
  ['search=%ED%B0%80a', ['search', utf8]],
  ['search=a%00b', ['search', /NUL/]],
  ['customer_id=%00', ['customer_id', /NUL/]],
  [`first_name=${long}`, ['first_name', /at most 200 characters/]],
  [`search=${'%F0%9F%98%80'.repeat(201)}`, ['search', /at most 200 characters/]],
  [`gender=${long}`, ['gender', /at most 200 characters/]],
  [`search=${'-'.repeat(21)}a`, ['search', /20 minus signs/]], // PostgreSQL's operator stack overflows at 33
  ['gender=man', ['gender', /one of undefined, male, female, non_binary$/]],
  ['gender=Male', ['gender', /one of/]],
  ['has_address=yes', ['has_address', /true or false/]],
  ['has_address=1', ['has_address', /true or false/]],
  ['birthday_after=2000-02-30', ['birthday_after', date]],
  ['birthday_after=2001-02-29', ['birthday_after', date]],
  ['birthday_before=2000-1-1', ['birthday_before', date]],
  ['birthday_before=2000-01-01T00:00:00Z', ['birthday_before', date]],
  ['birthday_before=0000-01-01', ['birthday_before', date]],
  ['created_after=yesterday', ['created_after', time]],
  ['created_before=2023-01-01T00:00:00', ['created_before', time]],
  ['created_before=infinity', ['created_before', time]],
  ['last_updated_after=1700000000', ['last_updated_after', time]],
  ['last_updated_before=2023-01-01T24:00:00Z', ['last_updated_before', time]],
  ['active_from=2023-01-01T00:00:00%2B24:00', ['active_from', time]],
  ['active_before=9999-12-31T23:59:59-01:00', ['active_before', time]],
  ['min_points=many', ['min_points', number]],
  ['min_points=NaN', ['min_points', number]],
  ['max_points=Infinity', ['max_points', number]],
  ['max_points=1,5', ['max_points', number]],
  ['max_points=0x10', ['max_points', number]],
  ['page_size=0', ['page_size', whole('1 to 100')]],
  ['page_size=101', ['page_size', whole('1 to 100')]],
  ['page_size=1.5', ['page_size', whole('1 to 100')]],
  ['page_size=%2B5', ['page_size', whole('1 to 100')]],
  ['page=0', ['page', whole('1 to \\d+')]],
  ['page=-1', ['page', whole('1 to \\d+')]],
  ['page=99999999999999999999', ['page', whole('1 to \\d+')]],
  ['sort_by=id', ['sort_by', /one of full_name, first_name, .*relevance only with search$/]],
  ['sort_by=created;drop table customer', ['sort_by', /one of/]],
  ['sort_by=relevance', ['sort_by', /relevance.*search/]],
  ['sort_by=relevance&search=', ['sort_by', /relevance.*search/]],
  ['ordering=up', ['ordering', /one of ascending, descending$/]],
  ['count=all', ['count', /one of exact, estimated, none$/]],
  ['cursor=made.up', ['cursor', /./]],
  // Every fault is reported, however many there are.
  [
    'page=x&gender=man&firstname=a&city=%FF&min_points=q&sort_by=relevance&country=a&country=b',
    ['page', /whole/],
    ['gender', /one of/],
    ['firstname', /first_name/],
    ['city', utf8],
    ['min_points', number],
    ['sort_by', /search/],
    ['country', /once/],
  ],
];

/** Invalid list requests, and the errors in their answers. */
export function badLists(room: () => Room) {
  describe('a list request is refused', () => {
    test.each(faults)('?%s', async (query, ...expected) => {
      const problem = await expectProblem(await room().ask(`${customers}?${query}`), 422);
      const named = problem.errors!.map(({ parameter }) => parameter);
      expect(named.toSorted()).toEqual(expected.map(([parameter]) => parameter).sort());
      for (const [parameter, message] of expected) {
        expect(problem.errors!.find((error) => error.parameter === parameter)!.message).toMatch(message);
      }
    });
  });

  describe('a list request is accepted', () => {
    test.each([
      [`first_name=${'a'.repeat(200)}`],
      [`search=${'-'.repeat(20)}a`],
      [`search=${'%F0%9F%98%80'.repeat(200)}`], // characters, not bytes or UTF-16 units
      ['page_size=100&page=1'],
      ['page=001&page_size=01'],
      ['birthday_after=0001-01-01&birthday_before=9999-12-31'],
      ['created_after=0001-01-01&created_before=9999-12-31T23:59:59.999999999Z'],
      ['created_after=2000-02-29t00:00:00z'],
      ['min_points=.5&max_points=5e1'],
      ['&&first_name=a&'],
      ['search=%EF%BF%BD'], // the replacement character is valid
    ])('?%s', async (query) => {
      expect((await room().list(query)).results).toBeArray();
    });
  });
}
