import type { ListRequest } from '../../contract/list.ts';
import { textFilters } from '../../contract/parameters.ts';
import type { Search } from '../../contract/search.ts';
import { fold, isFoldable } from '../fold.ts';
import type { Version } from './change.ts';

// The filters of a list once more, for a customer at hand: as conditions.ts has them for PostgreSQL. What cannot be
// known for sure to be as there is null, and whoever asks takes that for yes and for no.

type Verdict = boolean | null;

/** Whether a customer passes the filters and the search of a list. */
export function matches(
  { customer, words }: Version,
  { filters, search }: Pick<ListRequest, 'filters' | 'search'>,
) {
  const { address, relationship } = customer;
  const values: Record<string, string | null> = { ...customer, ...address } as never;
  let verdict: Verdict = true;
  for (const name of textFilters) {
    const part = filters[name];
    if (part === undefined) continue;
    const found = contains(values[name] ?? null, part);
    if (found === false) return false;
    if (found === null) verdict = null;
  }
  if (filters.gender !== undefined && customer.gender !== filters.gender) return false;
  if (filters.has_address !== undefined && (address !== null) !== filters.has_address) return false;
  const { birthday, created, last_updated } = customer;
  const inside =
    within(birthday, filters.birthday_after, filters.birthday_before) &&
    within(created, filters.created_after, filters.created_before) &&
    within(last_updated, filters.last_updated_after, filters.last_updated_before) &&
    within(relationship?.last_activity ?? null, filters.active_from, filters.active_before) &&
    within(relationship?.points ?? null, filters.min_points, filters.max_points);
  if (!inside) return false;
  if (search === null) return verdict;
  const found = finds(search, customer.phone_number, address, words);
  return found === true ? verdict : found;
}

// Dates and times are texts of one form here, so that they compare as texts.
function within<T extends string | number>(
  value: T | null,
  least: T | undefined,
  most: T | undefined,
): boolean {
  if (least === undefined && most === undefined) return true;
  return value !== null && (least === undefined || value >= least) && (most === undefined || value <= most);
}

function contains(value: string | null, part: string): Verdict {
  if (value === null) return false;
  if (!isFoldable(part) || !isFoldable(value)) return null;
  return fold(value).includes(fold(part));
}

function finds(
  search: Search,
  phone: string | null,
  address: Version['customer']['address'],
  words: string[],
): Verdict {
  if (search.kind === 'query') return null;
  // White space alone finds nobody.
  let verdict: Verdict = search.words.length > 0;
  for (const word of search.words) {
    const found = search.numbers.includes(word)
      ? findsNumber(word, [phone, address?.city_code ?? null, address?.street_number ?? null], words)
      : findsWord(word, words);
    if (found === false) return false;
    if (found === null) verdict = null;
  }
  return verdict;
}

// Only of letters alone is it sure that PostgreSQL's parser takes them as the one word that they are.
const findsWord = (word: string, words: string[]): Verdict =>
  /^[a-z]+$/i.test(word) ? words.includes(word.toLowerCase()) : null;

function findsNumber(number: string, values: (string | null)[], words: string[]): Verdict {
  if (values.some((value) => value?.includes(number))) return true;
  if (/^\d+$/.test(number)) return words.includes(number);
  const digits = number.slice(1);
  return words.includes(number) || words.includes(digits) ? null : false;
}
