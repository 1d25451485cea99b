import { Compile } from 'typebox/compile';
import { ProblemBody } from '../../../src/contract/problem.ts';
import type { Answer, Reply } from './exchange.ts';
import type { Input } from './inputs.ts';

const problem = Compile(ProblemBody);

// No answer may contain stacks, files, statements, messages of the database or its tables, whatever the request. No input
// contains any of it.
const inside =
  /node_modules|\bsrc\/(naive|optimized|server)|\.(ts|mjs):\d|\n\s+at |bun:|PostgresError|postgres:\/\/|\bcustomer_list\b|\bpg_catalog|\$\d+::|invalid input syntax|out of range for type|relation "|SQLSTATE/;

// Bun itself answers malformed HTTP, before any code of ours, with only a head, and closes the connection.
const ofBun = new Set([400, 413, 417, 431, 501, 505]);

/** What is wrong with a reply, in words; null if nothing is. */
export function faultOf({ most, statuses }: Input, { answers, rest, closed }: Reply): string | null {
  if (rest !== '') return `bytes that are not an answer: ${JSON.stringify(rest.slice(0, 200))}`;
  if (most !== undefined && answers.length > most) return `${answers.length} answers to ${most} requests`;
  // If an answer takes time, Bun closes the connection instead of keeping the requests behind it.
  const expected = closed ? statuses?.slice(0, answers.length) : statuses;
  // A busy server may refuse each of them. The form of the refusal is checked below.
  const isExpected =
    !expected ||
    (expected.length === answers.length &&
      answers.every(({ status }, i) => status === expected[i] || status === 503));
  if (!isExpected) return `${answers.map(({ status }) => status)} instead of ${expected}`;
  for (const answer of answers) {
    const fault = faultIn(answer);
    if (fault) return `${answer.status} ${fault}: ${answer.body.slice(0, 300)}`;
  }
  return null;
}

function faultIn({ status, headers, body }: Answer): string | null {
  if (inside.test(body)) return 'reveals internals';
  if (status < 400) return null;
  if (ofBun.has(status) && !headers.has('content-type') && body === '') return null;
  if (status >= 500 && status !== 503) return 'is unexpected';
  if (status === 503 && !headers.has('retry-after')) return 'without retry-after';
  if (headers.get('content-type') !== 'application/problem+json') return 'is not in the error format';
  return body === '' || isProblem(body, status) ? null : 'is not in the error format';
}

function isProblem(body: string, status: number): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return problem.Check(value) && value.status === status;
  } catch {
    return false;
  }
}
