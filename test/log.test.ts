import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import pino from 'pino';
import { connect } from '../src/server/database.ts';
import { toProblem } from '../src/server/errors.ts';
import { logOptions } from '../src/server/log.ts';
import { cluster } from './cluster.ts';

setDefaultTimeout(60_000);

const secret = 'Ada Lovelace';
const trace = '0af7651916cd43dd8448eb211c80319c';

/** PostgreSQL's errors of failing statements that contain a name. */
async function failures(): Promise<Error[]> {
  const sql = connect((await cluster()).services.postgres, 'postgres', { pool: 1 });
  const texts = [
    `select '${secret}'::date`,
    `select '${secret}'::jsonb`,
    `do $$ begin create temp table one (name text unique); insert into one values ('${secret}'), ('${secret}'); end $$`,
    `do $$ begin raise exception 'is taken' using detail = '${secret}', hint = '${secret}'; end $$`,
  ];
  const failed = [];
  for (const text of texts) failed.push(await sql.unsafe(text).catch((error: Error) => error));
  await sql.end();
  return failed as Error[];
}

/** The lines that are logged for unexpected errors, at a level. */
async function logged(logLevel: 'info' | 'debug', headers: Record<string, string> = {}): Promise<string[]> {
  const lines: string[] = [];
  const log = pino(logOptions({ logLevel }, 'naive'), { write: (line: string) => void lines.push(line) });
  const url = `http://a/api/v1/customers?search=${encodeURIComponent(secret)}&first_name=Ada`;
  for (const error of await failures()) toProblem(error, log, new Request(url, { headers }));
  return lines;
}

describe('the log', () => {
  test('contains nothing of a customer', async () => {
    const lines = await logged('info');
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      expect(line).not.toMatch(/Ada|Lovelace/);
      expect(JSON.parse(line)).toMatchObject({
        room: 'naive',
        method: 'GET',
        path: '/api/v1/customers',
        err: { type: 'PostgresError', code: expect.any(String), stack: expect.stringMatching(/^ +at /) },
      });
    }
    expect(lines.join()).toContain('invalid input syntax for type date');
  });

  test('has the full error of PostgreSQL at the level for details', async () => {
    expect((await logged('debug')).join()).toContain(secret);
  });

  test('names a request by its trace, or by a generated id', async () => {
    const ids = (lines: string[]) => lines.map((line) => (JSON.parse(line) as { id: string }).id);
    const known = `00-${trace}-b7ad6b7169203331-01`;
    expect(new Set(ids(await logged('info', { traceparent: known })))).toEqual(new Set([trace]));
    for (const bad of [
      '',
      known.replace('00-', 'ff-'),
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      known.toUpperCase(),
    ])
      for (const id of ids(await logged('info', { traceparent: bad }))) {
        expect(id).toMatch(/^[\da-f]{32}$/);
        expect(id).not.toBe(trace);
      }
  });
});
