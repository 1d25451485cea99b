import { expect } from 'bun:test';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import { ProblemBody } from '../../src/contract/problem.ts';

const validator = Compile(ProblemBody);

/** Checks that `response` is a problem of this status in the format of the contract, and returns its body. */
export async function expectProblem(
  response: Response,
  status: number,
): Promise<Type.Static<typeof ProblemBody>> {
  const text = await response.text();
  expect({ status: response.status, text }).toEqual({ status, text });
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body: unknown = JSON.parse(text);
  expect([...validator.Errors(body)]).toEqual([]);
  const problem = body as Type.Static<typeof ProblemBody>;
  expect(problem.status).toBe(status);
  expect(problem.title).not.toBeEmpty();
  expect(problem.detail).not.toBeEmpty();
  // No internals.
  expect(text).not.toMatch(/postgres|select |node_modules|\.ts\b|stack/i);
  return problem;
}
