import { describe, expect, test } from 'bun:test';
import type { Customer } from '../../src/contract/customer.ts';
import { textFilters } from '../../src/contract/parameters.ts';
import type { Room } from '../rooms.ts';
import { crowd } from './crowd.ts';

type Keeps = (customer: Customer) => boolean;

const textOf = (customer: Customer, name: (typeof textFilters)[number]): string | null => {
  const values: Record<string, unknown> = { ...customer.address, ...customer };
  return (values[name] as string | null | undefined) ?? null;
};

/** Each text filter with real values and substrings of them, in upper case, and with special characters of LIKE. */
const texts = textFilters.flatMap((name) => {
  const values = [
    ...new Set(crowd.map((customer) => textOf(customer, name)).filter((text) => text !== null)),
  ];
  const parts = values.slice(0, 6).flatMap((text) => [text, [...text].slice(1).join(''), text.toUpperCase()]);
  const odd = [
    '%',
    '_',
    '\\',
    'a_',
    '%%',
    '\\_',
    "'",
    '"',
    'ä',
    'Ä',
    '𠮷',
    '[x]',
    ' ',
    'l\tl',
    'no such text',
  ];
  return (
    [...new Set([...parts, ...odd])]
      // A space in a phone number is an unencoded plus.
      .filter((text) => text !== '' && !(name === 'phone_number' && text === ' '))
      .map((text) => [name, text] as const)
  );
});

const before = (value: string | null | undefined, bound: string) => value != null && value <= bound;
const after = (value: string | null | undefined, bound: string) => value != null && value >= bound;
const points = (customer: Customer) => customer.relationship?.points ?? Number.NaN;
const active = (customer: Customer) => customer.relationship?.last_activity;

const others: [query: string, keeps: Keeps][] = [
  ...['undefined', 'male', 'female', 'non_binary'].map((gender): [string, Keeps] => [
    `gender=${gender}`,
    (customer) => customer.gender === gender,
  ]),
  ['birthday_after=1980-06-15', ({ birthday }) => after(birthday, '1980-06-15')],
  [`birthday_after=${crowd[0]!.birthday}`, ({ birthday }) => after(birthday, crowd[0]!.birthday!)],
  [`birthday_before=${crowd[0]!.birthday}`, ({ birthday }) => before(birthday, crowd[0]!.birthday!)],
  ['created_after=2024-05-05T05:05:05.000003Z', ({ created }) => created >= '2024-05-05T05:05:05.000003Z'],
  ['created_before=2024-05-05T05:05:05.000003Z', ({ created }) => created <= '2024-05-05T05:05:05.000003Z'],
  ['created_before=2024-05-05', () => false],
  ['created_before=2024-05-06', () => true],
  // The same instant with an offset; an unencoded plus arrives as a space.
  [
    'created_after=2024-05-05T07:05:05.000003+02:00',
    ({ created }) => created >= '2024-05-05T05:05:05.000003Z',
  ],
  [
    'created_after=2024-05-05T01:05:05.000003-04:00',
    ({ created }) => created >= '2024-05-05T05:05:05.000003Z',
  ],
  ['last_updated_after=2024-05-05T05:05:05.001Z', (one) => one.last_updated >= '2024-05-05T05:05:05.001000Z'],
  [
    'last_updated_before=2024-05-05T05:05:05.00001Z',
    (one) => one.last_updated <= '2024-05-05T05:05:05.000010Z',
  ],
  ['active_from=2023-01-01T00:00:00.000001Z', (one) => after(active(one), '2023-01-01T00:00:00.000001Z')],
  ['active_from=2024-02-29', (one) => after(active(one), '2024-02-29T00:00:00.000000Z')],
  ['active_before=2023-01-01', (one) => before(active(one), '2023-01-01T00:00:00.000000Z')],
  ['has_address=true', ({ address }) => address !== null],
  ['has_address=false', ({ address }) => address === null],
  ['min_points=10', (one) => points(one) >= 10],
  ['min_points=10.5', (one) => points(one) > 10],
  ['max_points=10', (one) => points(one) <= 10],
  ['max_points=9.99', (one) => points(one) < 10],
  ['min_points=-5', (one) => points(one) >= 0],
  ['max_points=-0.5', () => false],
  ['min_points=1e400', () => false],
  ['max_points=99999999999', (one) => points(one) >= 0],
  ['min_points=%2B10', (one) => points(one) >= 10],
  [
    'gender=male&has_address=true&max_points=10',
    (one) => one.gender === 'male' && !!one.address && points(one) <= 10,
  ],
  [
    'first_name=an&city=ber&created_before=2024-05-05T05:05:05.000010Z',
    (one) =>
      /an/i.test(one.first_name) &&
      /ber/i.test(one.address?.city ?? '') &&
      one.created <= '2024-05-05T05:05:05.000010Z',
  ],
  // An empty value is no filter.
  [
    'first_name=&gender=&birthday_after=&has_address=&min_points=&search=&sort_by=&ordering=&count=exact',
    () => true,
  ],
  ['city', () => true],
];

/** Every filter, compared with a filter in memory. */
export function filters(room: () => Room) {
  const check = async (query: string, keeps: Keeps) => {
    const expected = crowd.filter(keeps).map(({ id }) => id);
    const page = await room().list(`page_size=100${/count=/.test(query) ? '' : '&count=exact'}&${query}`);
    expect(page.results.map(({ id }) => id).sort((a, b) => a - b)).toEqual(expected);
    expect(page.count).toBe(expected.length);
  };

  describe('a filter', () => {
    test.each(texts)('%s=%s', async (name, text) => {
      const lower = text.toLowerCase();
      await check(`${name}=${encodeURIComponent(text)}`, (customer) =>
        Boolean(textOf(customer, name)?.toLowerCase().includes(lower)),
      );
    });

    test.each(others)('%s', check);

    const phone = crowd.find((customer) => customer.phone_number)!.phone_number!;
    test.each(['+', '%2B', '%20', '%252B', '%252b'])(
      'phone_number with a plus written as %s',
      async (plus) => {
        await check(`phone_number=${plus}${phone.slice(1)}`, (customer) => customer.phone_number === phone);
      },
    );

    test('is the same however it is encoded', async () => {
      await check('first_name=a_b', (customer) => customer.first_name === 'a_b');
      await check('f%69rst_name=%61%5Fb', (customer) => customer.first_name === 'a_b');
      await check('city=100%25+City', (customer) => customer.address?.city === '100% City');
      await check('city=100%25%20City#gender=male', (customer) => customer.address?.city === '100% City');
    });

    test('takes commas and brackets literally', async () => {
      await check('last_name=[x]', (customer) => customer.last_name === '[x]');
      await check('last_name=x,y', () => false);
      await check('last_name={"a":1}', () => false);
    });
  });
}
