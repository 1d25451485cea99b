import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { startServer } from '../bench/servers.ts';
import { copyOf, environmentOf, type Kind, newName, within } from './cluster.ts';
import { customers } from './rooms.ts';
import { useServer } from './served.ts';

setDefaultTimeout(60_000);

// Tests what only a separate process with a port shows.

describe.each<Kind>(['naive', 'optimized'])('the %s server', (kind) => {
  const { server, copy } = useServer(kind);

  /** Runs the server as a user would, to its end. */
  async function run(changes: Record<string, string>) {
    const child = Bun.spawn([process.execPath, `src/${kind}/main.ts`], {
      cwd: join(import.meta.dir, '..'),
      env: { ...process.env, ...environmentOf(copy(), changes) },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [code, out, err] = await Promise.all([
      child.exited,
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ]);
    return { code, out, err };
  }

  test('reports in one line why it cannot start', async () => {
    const { port } = new URL(server().base);
    const cases: [changes: Record<string, string>, says: RegExp][] = [
      [{ PORT: port }, new RegExp(`Port ${port} .* taken`)],
      [{ PORT: 'x' }, /^PORT="x"/],
      [{ POSTGRES_DB: newName() }, /npm run seed/],
      [{ POSTGRES_PORT: '1' }, /PostgreSQL does not answer/],
      [{ POSTGRES_PASSWORD: 'wrong' }, /PostgreSQL does not answer/],
    ];
    for (const [changes, says] of cases) {
      const { code, out, err } = await run(changes);
      expect({ changes, code, out }).toEqual({ changes, code: 1, out: '' });
      expect(err).toMatch(says);
      expect(err.trim()).not.toContain('\n');
    }
  });

  test('reports that its database has another version, and what to do', async () => {
    const cases: [change: string, says: RegExp][] = [
      ['delete from migration.applied where number > 1', /older version.*npm run migrate$/],
      [
        `insert into migration.applied values (900, '900_more', '', '{}')`,
        /newer version.*start that version$/,
      ],
      ['drop schema migration cascade', /before migrations were numbered.*npm run seed -- --force$/],
      ...(kind === 'naive'
        ? []
        : ([
            ['update migration.read_model set number = 0', /older version.*npm run migrate$/],
            ['update migration.read_model set number = 900', /newer version.*start that version$/],
            ['update migration.read_model set complete = false', /is unfinished.*npm run migrate$/],
          ] satisfies [string, RegExp][])),
    ];
    for (const [change, says] of cases) {
      const other = await copyOf(kind);
      await within(other.name, (sql) => sql.unsafe(change));
      const { code, err } = await run({ POSTGRES_DB: other.db });
      expect({ change, code, err: err.trim() }).toEqual({
        change,
        code: 1,
        err: expect.stringMatching(says),
      });
      await other.drop();
    }
  });

  test('answers over the wire as in memory', async () => {
    const page = (await (await fetch(`${server().base}${customers}?page_size=1`)).json()) as { next: string };
    expect(page.next).toStartWith(`${server().base}${customers}?page_size=1&`);
    expect((await fetch(page.next)).status).toBe(200);
    // Characters that fetch would encode: a raw plus, comma, bracket and percent sign.
    expect(await raw(`GET ${customers}?phone_number=+444&count=exact HTTP/1.1`)).toContain('"count":1');
    expect(await raw(`GET ${customers}?search=[x],%5By%5D HTTP/1.1`)).toStartWith('HTTP/1.1 200');
    expect(await raw(`GET ${customers}?city=% HTTP/1.1`)).toStartWith('HTTP/1.1 422');
    expect(await raw(`GET ${customers}/%FF HTTP/1.1`)).toStartWith('HTTP/1.1 422');
    expect(await raw(`HEAD ${customers}/1 HTTP/1.1`)).toMatch(/^HTTP\/1\.1 (200|405)/);
  });

  test('refuses a body that is too long, with or without a declared length', async () => {
    const start = `POST ${customers} HTTP/1.1\r\nContent-Type: application/json`;
    expect(await raw(`${start}\r\nContent-Length: 70000`, ' '.repeat(70_000))).toStartWith('HTTP/1.1 413');
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    expect(await raw(`${start}\r\nTransfer-Encoding: chunked`, `${chunk.repeat(5)}0\r\n\r\n`)).toStartWith(
      'HTTP/1.1 413',
    );
  });

  /** Sends a request as it is, and returns the whole answer. */
  function raw(head: string, body = ''): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const { hostname, port } = new URL(server().base);
    let answer = '';
    const socket = connectSocket(Number(port), hostname, () =>
      socket.write(`${head}\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n${body}`),
    );
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('end', () => resolve(answer));
    socket.on('error', reject);
    return promise;
  }

  test('finishes an in-flight request before it stops', async () => {
    const stopping = await startServer(kind, environmentOf(copy()));
    await within(copy().name, async (sql) => {
      // The request waits for this lock for a second.
      await sql.unsafe('begin; lock table customer in access exclusive mode');
      const answer = fetch(`${stopping.base}${customers}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ first_name: 'Last', last_name: 'Minute' }),
      });
      await Bun.sleep(300);
      const stopped = stopping.stop();
      await Bun.sleep(700);
      await sql.unsafe('commit');
      expect((await answer).status).toBe(201);
      await stopped;
      expect((await sql`select 1 from customer where first_name = 'Last'`).length).toBe(1);
    });
    await expect(fetch(`${stopping.base}/health`)).rejects.toThrow();
  });
});
