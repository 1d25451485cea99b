import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { nameRequest } from './request-id.ts';

// Loaded only if traces are on: loading takes longer than the rest of the start.

export type Tracing = ReturnType<typeof openTracing>;

const list = '/api/v1/customers';
const paths: Record<string, string> = { list, create: list };

/**
 * OpenTelemetry traces, sent as OTLP (JSON over HTTP) to `endpoint`: a span per request, as a child of its
 * `traceparent`, and one per statement. Attribute names: https://opentelemetry.io/docs/specs/semconv/. They contain no
 * query string and no value.
 */
export function openTracing(endpoint: string, room: string) {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `customers-${room}`, 'process.pid': process.pid }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('customers');
  const propagator = new W3CTraceContextPropagator();
  const contexts = new WeakMap<Request, Context>();
  const header = {
    get: ({ headers }: Request, name: string) => headers.get(name) ?? undefined,
    keys: () => [],
  };

  return {
    /** Begins the span of a request; call the result with the status at its end. */
    request(request: Request, route: string): (status: number) => void {
      const parent = propagator.extract(ROOT_CONTEXT, request, header);
      const path = paths[route] ?? `${list}/:id`;
      const attributes = { 'http.request.method': request.method, 'http.route': path };
      const span = tracer.startSpan(
        `${request.method} ${path}`,
        { kind: SpanKind.SERVER, attributes },
        parent,
      );
      contexts.set(request, trace.setSpan(parent, span));
      nameRequest(request, span.spanContext().traceId);
      return (status) => {
        span.setAttribute('http.response.status_code', status);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
    },
    /** Begins the span of a statement; call the result at its end, with the error if it failed. */
    statement(request: Request, text: string, path: string): (error?: unknown) => void {
      const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': path, 'db.query.text': text };
      const span = tracer.startSpan(path, { kind: SpanKind.CLIENT, attributes }, contexts.get(request));
      return (error) => {
        if (error !== undefined) {
          span.setAttribute('error.type', String((error as { code?: unknown }).code ?? 'error'));
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      };
    },
    /** Sends the remaining spans, within a second: shutdown does not wait for a collector. */
    close: () => Promise.race([provider.shutdown().catch(() => {}), Bun.sleep(1_000)]),
  };
}
