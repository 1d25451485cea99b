import { describe, expect, test } from 'bun:test';
import { type Answer, difference, resultsText } from '../../../bench/equality/equal.ts';

const row = (id: number) => ({ id, first_name: 'A "]" b', address: { city: 'X' }, relationship: null });

const body = {
  count: 2 as number | null,
  next: 'http://a/api/v1/customers?first_name=a&page=2' as string | null,
  previous: null as string | null,
  results: [row(1), row(2)] as object[],
  performance: { execution_time_s: 0.01, query_count: 5 } as object,
};

const answer = (changes: Partial<typeof body> = {}, status = 200): Answer => ({
  status,
  type: 'application/json',
  text: JSON.stringify({ ...body, ...changes }),
});

const problem = (changes: object = {}): Answer => ({
  status: 422,
  type: 'application/problem+json',
  text: JSON.stringify({
    title: 'T',
    status: 422,
    errors: [{ parameter: 'page', message: 'm' }],
    ...changes,
  }),
});

const fieldOf = (right: Answer, left = answer()) => difference(left, right)?.field;

describe('answers are equal', () => {
  test('if every byte is the same', () => expect(difference(answer(), answer(), 200)).toBeNull());
  test('if only their performance differs', () => {
    expect(difference(answer(), answer({ performance: { execution_time_s: 0, query_count: 0 } }))).toBeNull();
  });
  test('if links differ only in how they name the page, in the host and in the order of parameters', () => {
    const next = 'http://b/api/v1/customers?cursor=xyz&first_name=a';
    expect(difference(answer(), answer({ next }))).toBeNull();
  });
  test('if they are the same problem', () => expect(difference(problem(), problem(), 422)).toBeNull());
});

describe('a difference is found for', () => {
  const changes: [string, string, Answer][] = [
    ['a field of one customer', 'results', answer({ results: [row(1), { ...row(2), first_name: 'C' }] })],
    ['a number in one customer', 'results', answer({ results: [row(1), row(3)] })],
    ['the order of the customers', 'results', answer({ results: [row(2), row(1)] })],
    ['a missing customer', 'results', answer({ results: [row(1)] })],
    ['a customer twice', 'results', answer({ results: [row(1), row(2), row(2)] })],
    ['no customers at all', 'results', answer({ results: [] })],
    [
      'the order of the fields',
      'results',
      answer({ results: [row(1), Object.fromEntries(Object.entries(row(2)).reverse())] }),
    ],
    ['null for nothing', 'results', answer({ results: [row(1), { ...row(2), relationship: undefined }] })],
    ['the count', 'count', answer({ count: 3 })],
    ['no count', 'count', answer({ count: null })],
    ['no next page', 'next', answer({ next: null })],
    ['a previous page', 'previous', answer({ previous: 'http://a/api/v1/customers?page=1' })],
    ['a link that loses a filter', 'next', answer({ next: 'http://a/api/v1/customers?page=2' })],
    ['a link that changes a filter', 'next', answer({ next: 'http://a/api/v1/customers?first_name=b' })],
    ['a link to elsewhere', 'next', answer({ next: 'http://a/api/v2/customers?first_name=a' })],
    ['a relative link', 'next', answer({ next: '/api/v1/customers?first_name=a' })],
    ['no performance', 'performance', answer({ performance: {} })],
    ['a negative time', 'performance', answer({ performance: { execution_time_s: -1, query_count: 1 } })],
    ['the status', 'status', answer({}, 503)],
    ['the content type', 'type', { ...answer(), type: 'text/plain' }],
    ['no JSON', 'body is not a JSON object', { ...answer(), text: 'oops' }],
  ];
  test.each(changes)('%s', (_, field, right) => {
    expect(fieldOf(right)).toBe(field);
    expect(difference(right, answer())?.field).toBe(field);
  });

  test('an additional field', () => {
    expect(fieldOf({ ...answer(), text: JSON.stringify({ ...body, total: 1 }) })).toBe('fields');
  });
  test('white space in the results', () => {
    expect(fieldOf({ ...answer(), text: JSON.stringify(body, null, 1) })).toBe('results');
  });
  test('equal answers with an unexpected status', () => {
    expect(difference(answer({}, 500), answer({}, 500), 200)?.field).toBe('status, expected 200');
    expect(difference(answer(), problem(), 200)?.field).toBe('status, expected 200');
  });
  test.each([
    ['title', { title: 'U' }],
    ['errors', { errors: [] }],
    ['errors', { errors: [{ parameter: 'page', message: 'other' }] }],
    ['fields', { detail: 'more' }],
  ])('a problem with another value of its %s', (field, change) =>
    expect(fieldOf(problem(change), problem())).toBe(field),
  );
});

describe('the text of the results', () => {
  test('ends at its own bracket, whatever its strings contain', () => {
    const text = '{"x":{"results":[9]},"s":"\\"results\\":[1]","results": [ {"a":"]\\"]","b":[1]} ],"z":[2]}';
    expect(resultsText(text)).toBe('[ {"a":"]\\"]","b":[1]} ]');
  });
  test('is empty without results', () => expect(resultsText('{"title":"T"}')).toBe(''));
});
