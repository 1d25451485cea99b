import { afterAll, beforeAll, expect, test } from 'bun:test';
import { prove } from '../../../bench/equality/prove.ts';
import { shapes } from '../../../bench/generate/mix.ts';
import { requestsOf } from '../../../bench/generate/mixed.ts';
import { type Copy, environmentOf, type Kind, seeded, within } from '../../cluster.ts';

let copies: Record<Kind, Copy>;

beforeAll(async () => {
  copies = await seeded(1_500);
}, 60_000);
afterAll(() => Promise.all([copies?.naive.drop(), copies?.optimized.drop()]));

const plan = { perShape: 4, proved: 20, proving: 60 };
// A statement timeout that a search on the naive server exceeds.
const environment = () => environmentOf(copies.naive, { STATEMENT_TIMEOUT: '5', LOG_LEVEL: 'silent' });

test('all requests to be measured are compared, however long they take, and generated requests as well', async () => {
  const { equality, vocabulary } = await prove({ environment: environment() }, plan, 1);
  const measured = shapes.flatMap((shape) => requestsOf(shape, 1, vocabulary, plan.perShape));
  expect(measured.length).toBeGreaterThan(50);
  expect(equality).toMatchObject({ requests: measured.length + plan.proved, differences: [] });
}, 60_000);

test('a difference ends the proof', async () => {
  await within(
    copies.naive.name,
    (sql) => sql`update customer set first_name = first_name || 'x' where id % 2 = 0`,
  );
  await expect(prove({ environment: environment() }, plan, 1)).rejects.toThrow(
    /differently .*, so nothing was/,
  );
}, 60_000);
