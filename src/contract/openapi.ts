import type { TSchema } from 'typebox';
import { Customer, CustomerPage } from './customer.ts';
import { headers } from './headers.ts';
import { parameters } from './parameters.ts';
import { ProblemBody } from './problem.ts';
import { CustomerPatch, NewCustomer } from './writes.ts';

// The documentation of each route, made from the schemas that validate. They are attached as documentation, not as
// Elysia schemas: Elysia 1.4 validates with its own older TypeBox (elysia#1471), and validating a response costs more
// than the request.

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
const writeFailures = {
  401: problem('No token, or a wrong one'),
  403: problem('No token is set, and the server can be reached from elsewhere'),
  ...unavailable,
};
const bodyFailures = {
  400: problem('The body is no JSON, or a header is malformed'),
  409: problem('The customer_id is taken'),
  413: problem('Over 64 KiB'),
  415: problem('Another content type'),
  422: problem('A bad field'),
};

const idFailures = { 404: problem('No such id'), 422: problem('An id that is no whole number') };

// An empty value of any parameter means no filter.
const orEmpty = (schema: TSchema & { enum?: string[]; type?: string; format?: string }) => {
  if (schema.enum) return { ...schema, enum: ['', ...schema.enum] };
  const takesAnyText = schema.type === 'string' && schema.format === undefined;
  return takesAnyText ? schema : { anyOf: [schema, { const: '' }] };
};

const list = {
  summary: 'List, filter, search and sort customers',
  parameters: Object.entries(parameters).map(([name, { schema, allowed }]) => ({
    name,
    in: 'query' as const,
    description: allowed,
    schema: orEmpty(schema),
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
    ...idFailures,
    ...unavailable,
  },
};

const create = {
  summary: 'Create a customer',
  parameters: [header('Idempotency-Key', 'repeated within a day it gives the answer of the first request')],
  requestBody: body(NewCustomer, 'application/json'),
  responses: {
    201: customer('The customer', { Location: { description: 'its path', schema: { type: 'string' } } }),
    ...bodyFailures,
    409: problem(
      'The customer_id is taken, or a request with the Idempotency-Key has been under way for 2 s',
    ),
    422: problem('A bad field, or an Idempotency-Key that was used for another customer'),
    ...writeFailures,
  },
};

const update = {
  summary: 'Change a customer (JSON merge patch)',
  parameters: [id, ifMatch],
  requestBody: body(CustomerPatch, 'application/merge-patch+json', 'application/json'),
  responses: {
    200: customer('The customer'),
    ...idFailures,
    ...conditionFailures,
    ...bodyFailures,
    ...writeFailures,
  },
};

const remove = {
  summary: 'Delete a customer',
  parameters: [id, ifMatch],
  responses: { 204: answer('Gone'), ...idFailures, ...conditionFailures, ...writeFailures },
};

/** The documentation of each customer route, for Elysia's `detail`. Writes need a token only if one is set. */
export const documented = ({ apiToken }: { apiToken: string | null }) => {
  const write = apiToken === null ? {} : { security: [{ token: [] }] };
  return {
    ...{ list, read },
    ...{ create: { ...create, ...write }, update: { ...update, ...write }, remove: { ...remove, ...write } },
    // biome-ignore lint/suspicious/noExplicitAny: Elysia's type of `detail` expects OpenAPI 3.0 schemas; these are JSON Schema.
  } as Record<string, any>;
};
