import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Admission } from './admission.ts';

/** Seconds. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of one server process; a server adds its own to `registry`. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its answer',
    labelNames: ['route', 'status'] as const,
    buckets,
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
  const statements = new Histogram({
    name: 'database_statement_duration_seconds',
    help: 'Time from a statement to its rows, with its wait for a connection, by access path',
    labelNames: ['path'] as const,
    buckets,
    registers: [registry],
  });
  const inFlight = { count: 0 };
  new Gauge({
    name: 'database_statements_in_flight',
    help: 'Statements that wait for a connection or for their rows',
    registers: [registry],
    collect() {
      this.set(inFlight.count);
    },
  });
  // A lookup by label takes longer than the observation.
  const observers = new Map<string, { observe(seconds: number): void }>();
  const statement = (path: string, seconds: number) => {
    const observer = observers.get(path) ?? statements.labels(path);
    observers.set(path, observer);
    observer.observe(seconds);
  };
  return { registry, requests, queries, paths, inFlight, statement };
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Exports the state of the admission control at each scrape. */
export function measureAdmission(registry: Registry, admission: Admission): void {
  new Gauge({
    name: 'requests_waiting',
    help: 'Requests that wait for a connection to PostgreSQL',
    registers: [registry],
    collect() {
      this.set(admission.waiting());
    },
  });
  new Counter({
    name: 'requests_shed_total',
    help: 'Requests that were refused because they would have waited too long',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(admission.refused());
    },
  });
}
