import type { ParameterName } from '../../src/contract/parameters.ts';
import type { Values } from './request.ts';

/** A field of the form. It accepts any text; the servers validate it. */
export interface Field {
  name: ParameterName;
  label: string;
  /** an example, or the meaning of an empty value */
  hint?: string;
  choices?: readonly string[];
}

const sorts = [
  'created',
  'full_name',
  'first_name',
  'last_name',
  'customer_id',
  'city',
  'country',
  'points',
  'last_activity',
  'last_updated',
  'relevance',
] as const;

export const search: Field = {
  name: 'search',
  label: 'Search',
  hint: 'a name, a city, a number … all words must match',
};

export const shape: Field[] = [
  { name: 'sort_by', label: 'Sort by', choices: sorts, hint: 'created' },
  { name: 'ordering', label: 'Order', choices: ['ascending', 'descending'], hint: 'default' },
  { name: 'page_size', label: 'Page size', hint: '20' },
  { name: 'count', label: 'Count', choices: ['exact', 'estimated', 'none'], hint: 'default' },
];

export const filters: Field[] = [
  { name: 'first_name', label: 'First name' },
  { name: 'last_name', label: 'Last name' },
  { name: 'customer_id', label: 'Customer id' },
  { name: 'phone_number', label: 'Phone number' },
  { name: 'country', label: 'Country' },
  { name: 'city', label: 'City' },
  { name: 'city_code', label: 'City code' },
  { name: 'street', label: 'Street' },
  { name: 'street_number', label: 'Street number' },
  { name: 'gender', label: 'Gender', choices: ['undefined', 'male', 'female', 'non_binary'], hint: 'any' },
  { name: 'has_address', label: 'Has an address', choices: ['true', 'false'], hint: 'any' },
  { name: 'min_points', label: 'Points from', hint: '0' },
  { name: 'max_points', label: 'Points to', hint: '50000' },
  { name: 'birthday_after', label: 'Born from', hint: '1990-01-01' },
  { name: 'birthday_before', label: 'Born until', hint: '1999-12-31' },
  { name: 'created_after', label: 'Created from', hint: '2025-01-01' },
  { name: 'created_before', label: 'Created until', hint: '2025-01-01T12:00:00Z' },
  { name: 'last_updated_after', label: 'Updated from', hint: '2025-01-01' },
  { name: 'last_updated_before', label: 'Updated until', hint: '2025-12-31' },
  { name: 'active_from', label: 'Active from', hint: '2025-01-01' },
  { name: 'active_before', label: 'Active until', hint: '2025-12-31' },
];

/** Example requests. Their names occur in any seeded data. */
export const examples: { name: string; values: Values; page?: number }[] = [
  { name: 'Newest first', values: {} },
  { name: 'Search a name and a street', values: { search: 'Nicholas Heights' } },
  { name: 'Part of a last name', values: { last_name: 'son' } },
  { name: 'A country by points', values: { country: 'Germany', sort_by: 'points' } },
  { name: 'A deep page', values: { sort_by: 'full_name' }, page: 400 },
  { name: 'Part of a phone number', values: { phone_number: '4711', count: 'exact' } },
  { name: 'A mistake', values: { birthday_after: 'yesterday', page_size: '1000' } },
];
