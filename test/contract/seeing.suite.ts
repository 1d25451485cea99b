import { describe, expect, test } from 'bun:test';
import { customers, type Open, withRoom } from '../rooms.ts';
import { insertPeople } from './people.ts';

const trace = '0af7651916cd43dd8448eb211c80319c';
const parent = 'b7ad6b7169203331';
const traceparent = `00-${trace}-${parent}-01`;
const token = 'secret-token';
/** a filter and a search by names, which no log or trace may contain */
const query = 'last_name=Name&search=Nicholas';

interface Span {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[];
}

/** A receiver of traces in OTLP, in place of a collector. */
function openReceiver() {
  const spans: Span[] = [];
  const services: string[] = [];
  const server = Bun.serve({
    ...{ port: 0, hostname: '127.0.0.1' },
    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname !== '/v1/traces') return new Response(null, { status: 404 });
      const { resourceSpans } = (await request.json()) as {
        resourceSpans: {
          resource: { attributes: Span['attributes'] };
          scopeSpans: { spans: Span[] }[];
        }[];
      };
      for (const { resource, scopeSpans } of resourceSpans) {
        services.push(resource.attributes.find(({ key }) => key === 'service.name')!.value.stringValue!);
        spans.push(...scopeSpans.flatMap((scope) => scope.spans));
      }
      return Response.json({});
    },
  });
  return { endpoint: `http://127.0.0.1:${server.port}`, spans, services, stop: () => server.stop(true) };
}

const attributes = (span: Span) =>
  Object.fromEntries(
    span.attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]),
  );

/** The logs and traces of a server. */
export function seeing(open: Open, hasPlans: boolean) {
  test('a slow statement is logged under the id of its request, with its path and plan', async () => {
    const lines: string[] = [];
    const options = {
      apiToken: token,
      slowStatement: 0.001,
      onLog: (line: string) => void lines.push(line),
      fill: insertPeople,
    };
    await withRoom(open, options, async (room) => {
      await room.ask(`${customers}?${query}`, { headers: { traceparent } });
      await room.send('PATCH', '/1', { last_name: 'Nicholas' }, { authorization: `Bearer ${token}` });
      await Bun.sleep(200); // the plan comes later than the answer
    });
    const [first, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(first).toMatchObject({
      ...{ msg: 'slow statement', id: trace, path: expect.any(String), ms: expect.any(Number) },
      statement: expect.stringMatching(/select/),
    });
    const plans = rest.filter(({ msg }) => msg === 'its plan');
    // Of all slow statements within ten seconds, one has its plan logged.
    const plan = { id: trace, plan: expect.arrayContaining([expect.stringMatching(/cost=/)]) };
    expect(plans).toEqual(hasPlans ? [expect.objectContaining(plan)] : []);
    expect(lines.join()).not.toMatch(/Nicholas|'Name|secret-token/);
  });

  describe('traces', () => {
    test('have a span for each request and statement, below the span of the client', async () => {
      const receiver = openReceiver();
      const statuses: number[] = [];
      const options = { apiToken: token, tracesEndpoint: receiver.endpoint, fill: insertPeople };
      await withRoom(open, options, async (room) => {
        const headers = { traceparent, authorization: `Bearer ${token}` };
        statuses.push((await room.ask(`${customers}?${query}`, { headers })).status);
        statuses.push((await room.ask(`${customers}?page=x`, { headers })).status);
        statuses.push((await room.send('PATCH', '/1', { last_name: 'Nicholas' }, headers)).status);
        const own = await room.ask(`${customers}/1`);
        expect(receiver.spans.map(({ traceId }) => traceId)).not.toContain(own.headers.get('x-request-id')!);
      });
      await receiver.stop();
      const requests = receiver.spans.filter(({ kind, traceId }) => kind === 2 && traceId === trace);
      const told = requests.map((span) => [span.name, attributes(span)['http.response.status_code']]);
      expect(told).toEqual([
        [`GET ${customers}`, statuses[0]],
        [`GET ${customers}`, statuses[1]],
        [`PATCH ${customers}/:id`, statuses[2]],
      ]);
      expect(statuses).toEqual([200, 422, 200]);
      for (const span of requests) expect(span.parentSpanId).toBe(parent);
      const below = (span: Span) => receiver.spans.filter(({ parentSpanId }) => parentSpanId === span.spanId);
      expect(requests.map((span) => below(span).length > 0)).toEqual([true, false, true]);
      expect(attributes(below(requests[0]!)[0]!)).toMatchObject({
        'db.system.name': 'postgresql',
        'db.query.text': expect.stringMatching(/select/),
      });
      // A request without a trace of the client begins its own trace.
      expect(receiver.spans.filter(({ kind, traceId }) => kind === 2 && traceId !== trace)).toHaveLength(1);
      expect(new Set(receiver.services).size).toBe(1);
      expect(JSON.stringify(receiver.spans)).not.toMatch(/Nicholas|last_name=|secret-token/);
    });

    test('that cannot be sent do not affect answers', () =>
      withRoom(open, { tracesEndpoint: 'http://127.0.0.1:1', fill: insertPeople }, async (room) => {
        for (let i = 0; i < 5; i++) expect((await room.list(`page_size=${i + 1}`)).results).not.toBeEmpty();
      }));
  });
}
