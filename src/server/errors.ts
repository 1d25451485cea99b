import type { Logger } from 'pino';
import { Problem, unavailable } from '../contract/problem.ts';
import { requestId } from './request-id.ts';

// The only place that turns errors into responses. Constraints have names for this.

const constraints: Record<string, () => Problem> = {
  customer_customer_id_key: () =>
    new Problem(409, 'Another customer has this customer_id.', {
      errors: [{ path: '/customer_id', message: 'is taken' }],
    }),
};

// Only a create with an Idempotency-Key has a lock timeout (src/sql/idempotency/claim.sql).
const lockTimeout = '55P03';
const underWay = () =>
  new Problem(409, 'A request with this Idempotency-Key or customer_id is under way; send this one again.', {
    headers: { 'retry-after': '1' },
  });

// PostgreSQL's error codes, and the driver's own, after which the same request can succeed later.
const passing = new Map([
  ['57014', 'The database took too long for this request.'],
  ['40001', 'The request met another one; try again.'],
  ['40P01', 'The request met another one; try again.'],
  // The connection leads to the old primary, a standby after a failover.
  ['25006', 'The database takes no writes now.'],
]);
// Also if a name is not resolved (`EAI_`), or no file or port is left for a connection.
const unreachable =
  /^(08|53|57P|3D000|CONNECT|E(CONN|PIPE|NOTFOUND|AI_|TIMEDOUT|HOST|NET|MFILE|NFILE|ADDRNOTAVAIL))/;

// While a migration rebuilds the read model, tables and functions are missing, and writes are refused.
const migrating = /^(42P01|42883|55000)$/;

/** The problem for any error. An unforeseen one is a 500 without details, logged with its id. */
export function toProblem(error: unknown, log: Logger, request: Request): Problem {
  if (error instanceof Problem) return error;
  const { code = '', constraint_name: constraint = '' } = error as {
    code?: string;
    constraint_name?: string;
  };
  const known = constraints[constraint];
  if (known) return known();
  if (code === lockTimeout) return underWay();
  if (passing.has(String(code))) return unavailable(passing.get(String(code))!);
  if (unreachable.test(String(code))) {
    log.warn({ id: requestId(request), code, error: (error as Error).message }, 'database unavailable');
    return unavailable('The database does not answer.');
  }
  if (migrating.test(String(code))) {
    log.warn({ id: requestId(request), code, error: (error as Error).message }, 'database migrated');
    return unavailable('The database is being migrated.');
  }
  const id = requestId(request);
  // Without the query string: it holds what customers are searched by.
  const path = URL.parse(request.url)?.pathname;
  log.error({ id, err: error, method: request.method, path }, 'unexpected error');
  return new Problem(500, `Something went wrong here. It is logged as ${id}.`);
}
