import { instant } from '../../src/contract/times.ts';
import type { Row } from '../vocabulary.ts';
import { oddForm, oddSearches, oddTexts } from './odd.ts';
import type { Random } from './random.ts';

type Source = (row: Row) => string | null | undefined;

/** The parameters that mean *contains*, and the value of a row for each. */
export const textParameters = {
  first_name: (row) => row.first_name,
  last_name: (row) => row.last_name,
  customer_id: (row) => row.customer_id,
  phone_number: (row) => row.phone_number,
  country: (row) => row.address?.country,
  city: (row) => row.address?.city,
  city_code: (row) => row.address?.city_code,
  street: (row) => row.address?.street,
  street_number: (row) => row.address?.street_number,
} satisfies Record<string, Source>;

/** The parameters that mean *from* or *up to*, and the date or instant of a row for each. */
export const timeParameters = {
  birthday_after: (row) => row.birthday,
  birthday_before: (row) => row.birthday,
  created_after: (row) => row.created,
  created_before: (row) => row.created,
  last_updated_after: (row) => row.last_updated,
  last_updated_before: (row) => row.last_updated,
  active_from: (row) => row.relationship?.last_activity,
  active_before: (row) => row.relationship?.last_activity,
} satisfies Record<string, Source>;

export type TextParameter = keyof typeof textParameters;
export type TimeParameter = keyof typeof timeParameters;

const otherCase = (text: string) => (text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase());

/** A random substring of `shortest` to `longest` code points (no surrogate pair is cut); all of a shorter text. */
export function piece(draw: Random, text: string, longest: number, shortest = 1): string {
  const characters = [...text];
  const length = Math.min(draw.int(shortest, longest), characters.length);
  const start = draw.int(0, characters.length - length);
  return characters.slice(start, start + length).join('');
}

/** A random substring of `length` characters, or all of a shorter text. */
export function part(draw: Random, text: string, length: number): string {
  const characters = [...text];
  const start = draw.int(0, Math.max(0, characters.length - length));
  return characters.slice(start, start + length).join('');
}

/** `text`, cut to the length that the contract allows a parameter. */
export const withinLimit = (text: string): string => [...text].slice(0, 200).join('');

/** A *contains* value: the row's value whole, as a substring or in the other case, or an odd text. */
export function textValue(draw: Random, row: Row, name: TextParameter): string {
  const whole = textParameters[name](row) ?? draw.pick(oddTexts);
  const value = draw.weighted<() => string>([
    [30, () => whole],
    [25, () => piece(draw, whole, 8)],
    [15, () => otherCase(draw.chance(0.5) ? whole : piece(draw, whole, 6))],
    [12, () => oddForm(draw, draw.chance(0.5) ? whole : piece(draw, whole, 6))],
    [8, () => piece(draw, whole, 1)],
    [10, () => piece(draw, whole, 2)],
    [12, () => draw.pick(oddTexts)],
  ])();
  // Some characters become three in the other case.
  return withinLimit(value);
}

/** The words by which a search can find this row, grouped by weight. */
function searchWords(row: Row): string[] {
  const { address, relationship } = row;
  const words = [row.first_name, row.last_name, row.birthday, row.phone_number, row.customer_id];
  words.push(relationship?.last_activity?.slice(0, 10) ?? null, relationship?.points.toString() ?? null);
  if (address)
    words.push(address.city, address.country, address.street, address.street_number, address.city_code);
  return words.filter((word) => word !== null && word !== '') as string[];
}

/** A search: one to four words of this row, some of them cut or in the other case, or an odd text. */
export function searchValue(draw: Random, row: Row): string {
  if (draw.chance(0.25)) return draw.pick(oddSearches);
  const words = searchWords(row);
  const count = draw.weighted([
    [40, 1],
    [35, 2],
    [15, 3],
    [10, 4],
  ]);
  const chosen = Array.from({ length: count }, () => draw.pick(words)).map((word) => {
    if (draw.chance(0.1)) return piece(draw, word, 4);
    if (draw.chance(0.15)) return oddForm(draw, word);
    return draw.chance(0.15) ? otherCase(word) : word;
  });
  const joined = withinLimit(chosen.join(' '));
  if (draw.chance(0.05)) return withinLimit(`"${joined}"`);
  if (draw.chance(0.05)) return withinLimit(chosen.join(' or '));
  return draw.chance(0.05) ? withinLimit(`${joined} -${draw.pick(words)}`) : joined;
}

/** A date alone, the instant as the API shows it (microseconds, UTC), or the same instant with an offset. */
export function timeValue(draw: Random, row: Row, name: TimeParameter): string {
  const own = timeParameters[name](row) ?? row.created;
  const date = own.slice(0, 10);
  if (name.startsWith('birthday')) return date;
  const moment = own.length > 10 ? own : `${own}T12:34:56.123456Z`;
  const value = draw.weighted<() => string>([
    [40, () => date],
    [30, () => moment],
    [15, () => moment.replace('Z', draw.pick(['+00:00', '+02:00', '-05:30', '+14:00']))],
    [
      15,
      () => `${date}T${draw.pick(['00:00:00Z', '23:59:59.999999Z', '12:00:00.5+01:00', '06:30:00-08:00'])}`,
    ],
  ])();
  // With an offset, the first or last day may fall into a year that cannot be represented.
  return instant(value) === null ? date : value;
}
