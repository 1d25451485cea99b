import type { TSchema } from 'typebox';
import { Customer, CustomerPage } from './customer.ts';
import { headers } from './headers.ts';
import { parameters } from './parameters.ts';
import { ProblemBody } from './problem.ts';
import { CustomerPatch, NewCustomer } from './writes.ts';

// What the docs page says of each route, made of the schemas that validate. They are attached as documentation and
// not as Elysia schemas: Elysia 1.4 checks with its own older TypeBox (elysia#1471), and a checked response costs
// more than the request.

const answer = (description: string, schema?: TSchema, type = 'application/json') => ({
  description,
  ...(schema && { content: { [type]: { schema } } }),
});
const problem = (description: string) => answer(description, ProblemBody, 'application/problem+json');
const id = {
  name: 'id',
  in: 'path' as const,
  required: true,
  schema: { type: 'integer' as const, minimum: 1 },
};
const header = (name: keyof typeof headers, meaning: string) => ({
  name,
  in: 'header' as const,
  description: `${meaning}; ${headers[name].allowed}`,
  schema: headers[name].schema,
});
const ifMatch = header('If-Match', 'the change is made only while the customer has one of these ETags');
const etag = { ETag: { description: 'stands for each byte of the customer', schema: { type: 'string' } } };
const customer = (description: string, more = {}) => ({
  ...answer(description, Customer),
  headers: { ...etag, ...more },
});
const conditionFailures = {
  400: problem('A malformed If-Match'),
  412: problem('The customer has none of the ETags in If-Match'),
};
const unavailable = { 503: problem('A part the answer needs is down, or too slow') };
const body = (schema: TSchema, ...types: string[]) => ({
  required: true,
  content: Object.fromEntries(types.map((type) => [type, { schema }])),
});
const write = {
  security: [{ token: [] }],
  failures: {
    401: problem('No token, or a wrong one'),
    403: problem('No token is set, and the server can be reached from elsewhere'),
    ...unavailable,
  },
};
const bodyFailures = {
  400: problem('The body is no JSON, or a header is malformed'),
  409: problem('The customer_id is taken'),
  413: problem('Over 64 KiB'),
  415: problem('Another content type'),
  422: problem('A bad field'),
};

const list = {
  summary: 'List, filter, search and sort customers',
  parameters: Object.entries(parameters).map(([name, { schema, allowed }]) => ({
    name,
    in: 'query' as const,
    description: allowed,
    schema,
  })),
  responses: {
    200: answer('A page', CustomerPage),
    422: problem('Bad parameters, each named'),
    ...unavailable,
  },
};

const read = {
  summary: 'One customer',
  parameters: [id, header('If-None-Match', 'spares the answer while the customer has one of these ETags')],
  responses: {
    200: customer('The customer'),
    304: { description: 'It has', headers: etag },
    404: problem('No such id'),
    ...unavailable,
  },
};

const create = {
  summary: 'Create a customer',
  security: write.security,
  parameters: [header('Idempotency-Key', 'repeated within a day it gives the answer of the first request')],
  requestBody: body(NewCustomer, 'application/json'),
  responses: {
    201: customer('The customer', { Location: { description: 'its path', schema: { type: 'string' } } }),
    ...bodyFailures,
    409: problem(
      'The customer_id is taken, or a request with the Idempotency-Key has been under way for 2 s',
    ),
    422: problem('A bad field, or an Idempotency-Key that was used for another customer'),
    ...write.failures,
  },
};

const update = {
  summary: 'Change a customer (JSON merge patch)',
  security: write.security,
  parameters: [id, ifMatch],
  requestBody: body(CustomerPatch, 'application/merge-patch+json', 'application/json'),
  responses: {
    200: customer('The customer'),
    404: problem('No such id'),
    ...conditionFailures,
    ...bodyFailures,
    ...write.failures,
  },
};

const remove = {
  summary: 'Delete a customer',
  security: write.security,
  parameters: [id, ifMatch],
  responses: { 204: answer('Gone'), 404: problem('No such id'), ...conditionFailures, ...write.failures },
};

/** The documentation of each route of the customers, for Elysia's `detail`. */
// biome-ignore lint/suspicious/noExplicitAny: Elysia's type of `detail` wants OpenAPI 3.0 schemas; these are JSON Schema.
export const documented = { list, read, create, update, remove } as Record<string, any>;
