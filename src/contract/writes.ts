import Type from 'typebox';
import { Compile, type Validator } from 'typebox/schema';
import { Settings } from 'typebox/system';
import { dateOrTime, genders } from './customer.ts';
import { type Fault, type Problem, unprocessable } from './problem.ts';
import { unknownName, withoutNul } from './query.ts';
import { instant, isDate } from './times.ts';

// The bodies of POST and PATCH. Each description states what is allowed, and is the message of a fault.

Settings.Set({ maxErrors: 100 });

const text = (minLength: number, maxLength: number) =>
  Type.Refine(
    Type.String({
      minLength,
      maxLength,
      pattern: withoutNul,
      description: `text of ${minLength} to ${maxLength} characters, without NUL`,
    }),
    (value) => value.isWellFormed(),
  );
const nullable = <T extends Type.TSchema>(schema: T) =>
  Type.Union([schema, Type.Null()], { description: `${(schema as Described).description}, or null` });
const object = <P extends Type.TProperties>(properties: P) =>
  Type.Object(properties, { additionalProperties: false, description: 'an object' });

const today = () => new Date().toISOString().slice(0, 10);

const address = {
  country: text(1, 128),
  city: text(1, 128),
  city_code: text(1, 32),
  street: Type.Optional(nullable(text(1, 128))),
  street_number: Type.Optional(nullable(text(1, 32))),
};
const relationship = object({
  points: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 2147483647, description: 'a whole number from 0 to 2147483647' }),
  ),
  last_activity: Type.Optional(
    nullable(Type.Refine(dateOrTime('a date or an RFC 3339 date-time'), (value) => instant(value) !== null)),
  ),
});
const customer = {
  first_name: text(1, 128),
  last_name: text(1, 128),
  gender: Type.Optional(Type.Enum([...genders], { description: `one of ${genders.join(', ')}` })),
  customer_id: Type.Optional(text(1, 64)),
  phone_number: Type.Optional(
    nullable(
      Type.String({
        pattern: '^\\+?[1-9][0-9]{7,14}$',
        description: '8 to 15 digits, not beginning with 0, with or without +',
      }),
    ),
  ),
  birthday: Type.Optional(
    nullable(
      Type.Refine(
        Type.String({ format: 'date', description: 'a date, YYYY-MM-DD, not in the future' }),
        (value) => isDate(value) && value <= today(),
      ),
    ),
  ),
  relationship: Type.Optional(nullable(relationship)),
};

/** The body of POST. */
export const NewCustomer = object({ ...customer, address: Type.Optional(nullable(object(address))) });
/** The body of PATCH: a JSON merge patch (RFC 7396) of the same fields. */
export const CustomerPatch = object({
  ...Type.Partial(object(customer)).properties,
  address: Type.Optional(
    nullable(Type.Partial(object(address), { additionalProperties: false, description: 'an object' })),
  ),
});
export type NewCustomer = Type.Static<typeof NewCustomer>;
export type CustomerPatch = Type.Static<typeof CustomerPatch>;

// Compiled when the first body arrives, so that the server starts faster.
const compiled = new Map<Type.TSchema, Validator>();
function validatorOf(schema: Type.TSchema): Validator {
  const validator = compiled.get(schema) ?? Compile(schema);
  compiled.set(schema, validator);
  return validator;
}

/** Reads the body of a POST. Throws a 422 with every fault. */
export const readNewCustomer = (body: unknown): NewCustomer => times(validate(NewCustomer, body));
/** Reads the body of a PATCH. Throws a 422 with every fault. */
export const readPatch = (body: unknown): CustomerPatch => times(validate(CustomerPatch, body));

/** 422 for a patch that would leave an address without the named parts. */
export const incompleteAddress = (missing: string[]): Problem =>
  unprocessable(missing.map((name) => ({ path: `/address/${name}`, message: 'must be given' })));

function times<T extends NewCustomer | CustomerPatch>(body: T): T {
  const activity = body.relationship?.last_activity;
  if (activity) body.relationship!.last_activity = instant(activity);
  return body;
}

function validate<T>(schema: Type.TSchema, body: unknown): T {
  const validator = validatorOf(schema);
  if (validator.Check(body)) return body as T;
  const faults = new Map<string, string>();
  const add = (path: string, message: string) => faults.has(path) || faults.set(path, message);
  for (const error of validator.Errors(body)[1]) {
    const params = error.params as { requiredProperties?: string[]; additionalProperties?: string[] };
    const at = schemaAt(schema, error.instancePath);
    for (const name of params.requiredProperties ?? []) add(`${error.instancePath}/${name}`, 'must be given');
    for (const name of params.additionalProperties ?? []) {
      faults.set(`${error.instancePath}/${name}`, unknownName(name, Object.keys(propertiesOf(at))));
    }
    const wrongType = error.keyword === 'type' && error.params.type === 'null';
    const nested = ['required', 'additionalProperties', 'boolean', 'anyOf'].includes(error.keyword);
    if (!nested && !wrongType) add(error.instancePath, `must be ${at?.description ?? 'as documented'}`);
  }
  throw unprocessable([...faults].map(([path, message]): Fault => ({ path, message })));
}

interface Described {
  description?: string;
  properties?: Record<string, Described>;
  anyOf?: Described[];
}

const propertiesOf = (schema: Described | undefined): Record<string, Described> =>
  schema?.properties ?? schema?.anyOf?.find((option) => option.properties)?.properties ?? {};

function schemaAt(schema: Described, pointer: string): Described | undefined {
  let at: Described | undefined = schema;
  for (const name of pointer.split('/').slice(1)) at = propertiesOf(at)[name];
  return at;
}
