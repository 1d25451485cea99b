import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The metrics of one server process; `registry` takes those of a room as well. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['route', 'status'] as const,
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const queries = new Counter({
    name: 'database_queries_total',
    help: 'Statements sent to PostgreSQL',
    registers: [registry],
  });
  const paths = new Counter({
    name: 'list_reads_total',
    help: 'Lists read from PostgreSQL, by the access paths that were taken',
    labelNames: ['path'] as const,
    registers: [registry],
  });
  return { registry, requests, queries, paths };
}

export type Metrics = ReturnType<typeof createMetrics>;
