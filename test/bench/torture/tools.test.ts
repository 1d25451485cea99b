import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { conform } from '../../../bench/torture/hostile/schemathesis.ts';
import { inject } from '../../../bench/torture/hostile/sqlmap.ts';
import { attackTools } from '../../../bench/torture/hostile/tools.ts';
import { connect, type Sql } from '../../../src/server/database.ts';
import { cluster } from '../../cluster.ts';

setDefaultTimeout(300_000);

const tools = await attackTools();
if ('missing' in tools) console.error(`Tests with Schemathesis and sqlmap are skipped. ${tools.missing}`);
const bin = 'bin' in tools ? tools.bin : '';

/** A server with two faults: a name goes into SQL unescaped, and a status is not documented. */
function openFaulty(sql: Sql) {
  const document = {
    openapi: '3.1.0',
    info: { title: 'Faulty', version: '1' },
    paths: {
      '/names': {
        get: {
          parameters: [{ name: 'name', in: 'query', schema: { type: 'string', maxLength: 5 } }],
          responses: { 200: { description: 'The names' } },
        },
      },
    },
  };
  return Bun.serve({
    ...{ port: 0, hostname: '127.0.0.1' },
    routes: { '/api/swagger/json': Response.json(document) },
    async fetch(request) {
      const name = new URL(request.url).searchParams.get('name') ?? '';
      const text = `select name from (values ('Ada'), ('Anna'), ('John')) person (name) where name like '%${name}%'`;
      const rows = await sql.unsafe(text).catch((error: Error) => error.message);
      return Response.json(rows, { status: typeof rows === 'string' ? 418 : 200 });
    },
  });
}

describe.if(bin !== '')('on a faulty server', () => {
  let sql: Sql;
  let server: ReturnType<typeof openFaulty>;
  beforeAll(async () => {
    sql = connect((await cluster()).services.postgres, 'postgres', { pool: 2, statementTimeout: 8_000 });
    server = openFaulty(sql);
  });
  afterAll(async () => {
    await server?.stop(true);
    await sql?.end();
  });
  const base = () => `http://127.0.0.1:${server.port}`;

  test('Schemathesis finds an undocumented status, or an accepted request that violates the document', async () => {
    const { cases, findings } = await conform(bin, base(), { examples: 30, seed: 1, token: null });
    expect(cases).toBeGreaterThan(0);
    expect(findings.join('\n')).toMatch(/Undocumented status code|Schema-violating request accepted/);
  });

  test('sqlmap finds the injection', async () => {
    const { tried, found } = await inject(
      bin,
      base(),
      { method: 'GET', path: '/names?name=A' },
      { level: 1 },
    );
    expect(tried).toBeGreaterThan(0);
    expect(found.join('\n')).toMatch(/^Parameter: name \(GET\)[\s\S]*Payload: /);
  });
});
