import { describe, expect, test } from 'bun:test';
import { parameters } from '../../src/contract/parameters.ts';
import { customers, type Room } from '../rooms.ts';
import { expectProblem } from './problems.ts';

interface Operation {
  parameters?: { name: string; in: string; schema?: object }[];
  requestBody?: { content: object };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

/** Everything besides the customers themselves. */
export function routes(room: () => Room) {
  const json = async (path: string) => (await (await room().ask(path)).json()) as Record<string, unknown>;

  describe('a route', () => {
    test.each([
      ['PUT', customers, 'GET, POST'],
      ['DELETE', `${customers}/`, 'GET, POST'],
      ['PATCH', customers, 'GET, POST'],
      ['POST', `${customers}/1`, 'GET, PATCH, DELETE'],
      ['PUT', `${customers}/1/`, 'GET, PATCH, DELETE'],
    ])('refuses %s %s with 405', async (method, path, allow) => {
      const response = await room().ask(path, { method });
      await expectProblem(response, 405);
      expect(response.headers.get('allow')).toBe(allow);
    });

    test.each([
      '/',
      '/api',
      '/api/v1',
      '/api/v1/customer',
      '/api/v2/customers',
      `${customers}/1/address`,
      '/favicon.ico',
    ])('is not found at %s', async (path) => {
      await expectProblem(await room().ask(path), 404);
      await expectProblem(await room().ask(path, { method: 'POST' }), 404);
    });
  });

  test('health reports that the process is up', async () => {
    expect((await room().ask('/health')).status).toBe(200);
    expect(await json('/health')).toMatchObject({ status: 'up' });
  });

  test('ready reports that the database answers, and which part is degraded', async () => {
    expect((await room().ask('/ready')).status).toBe(200);
    expect(await json('/ready')).toMatchObject({
      status: 'ready',
      degraded: [],
      database_ms: expect.any(Number),
    });
  });

  test('metrics are in the text format of Prometheus, with the requests by route and status', async () => {
    await room().ask(`${customers}?page=x`);
    await room().ask(`${customers}/1`);
    const response = await room().ask('/metrics');
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toMatch(/^http_request_duration_seconds_count\{route="list",status="422"\} [1-9]/m);
    expect(text).toMatch(/^http_request_duration_seconds_count\{route="read",status="200"\} [1-9]/m);
    expect(text).toMatch(/^database_queries_total [1-9]/m);
    expect(text).toMatch(/^database_statement_duration_seconds_count\{path="\w+"\} [1-9]/m);
    expect(text).toMatch(/^database_statements_in_flight 0$/m);
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [-+.\w]+)?$/);
  });

  describe('the documentation', () => {
    const documented = async () => {
      const { paths, openapi } = (await json('/api/swagger/json')) as {
        openapi: string;
        paths: Record<string, Record<string, Operation>>;
      };
      const operations = Object.entries(paths).map(
        ([path, methods]) => [path.replace(/\/$/, ''), methods] as const,
      );
      return { openapi, found: Object.fromEntries(operations) };
    };

    test('has every route, parameter and answer', async () => {
      const { openapi, found } = await documented();
      expect(openapi).toBe('3.1.0'); // the first version whose schemas may be null
      expect(Object.keys(found).sort()).toEqual([customers, `${customers}/{id}`]);
      expect(Object.keys(found[customers]!).sort()).toEqual(['get', 'post']);
      expect(Object.keys(found[`${customers}/{id}`]!).sort()).toEqual(['delete', 'get', 'patch']);

      const { get, post } = found[customers] as { get: Operation; post: Operation };
      expect(get.parameters!.map(({ name }) => name)).toEqual(Object.keys(parameters));
      expect(Object.keys(post.responses)).toEqual(
        expect.arrayContaining(['201', '400', '401', '403', '409', '413']),
      );
      const headersOf = ({ parameters = [] }: Operation) =>
        parameters.filter(({ in: place }) => place === 'header').map(({ name }) => name);
      const { get: read, patch, delete: remove } = found[`${customers}/{id}`]!;
      expect([post, read!, patch!, remove!].map(headersOf)).toEqual([
        ['Idempotency-Key'],
        ['If-None-Match'],
        ['If-Match'],
        ['If-Match'],
      ]);
      for (const { responses } of [patch!, remove!])
        expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '412']));
      expect(Object.keys(post.requestBody!.content)).toEqual(['application/json']);
      for (const { responses } of Object.values(found).flatMap((methods) => Object.values(methods))) {
        expect(responses['503']!.content).toHaveProperty(['application/problem+json', 'schema']);
      }
    });

    test('has a pattern for text filters that matches what the server accepts', async () => {
      const { found } = await documented();
      const country = found[customers]!.get!.parameters!.find(({ name }) => name === 'country')!;
      const { pattern } = country.schema as { pattern: string };
      for (const text of ['', 'a', 'a\n\u{1f600}', '\0', 'a\0b']) {
        const { status } = await room().ask(`${customers}?country=${encodeURIComponent(text)}`);
        expect([text, status]).toEqual([text, new RegExp(pattern, 'u').test(text) ? 200 : 422]);
      }
    });

    test('is a page whose parts all come from this server', async () => {
      for (const [path, type] of [
        ['/api/swagger', 'text/html'],
        ['/api/swagger/start.js', 'text/javascript'],
        ['/api/swagger/ui.js', 'text/javascript'],
        ['/api/swagger/ui.css', 'text/css'],
      ] as const) {
        const response = await room().ask(path);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toStartWith(type);
        expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      }
      const page = await room().ask('/api/swagger');
      expect(page.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self'; (?!.*(unsafe|https?:)).* frame-ancestors 'none'$/,
      );
      expect(page.headers.get('referrer-policy')).toBe('no-referrer');
      const text = await page.text();
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(text).not.toMatch(/<script>/);
      // The page of the plugin that generates the document loads a script from elsewhere.
      await expectProblem(await room().ask('/api/swagger/plugin'), 404);
    });
  });
}
