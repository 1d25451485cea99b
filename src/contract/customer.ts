import Type from 'typebox';

// A customer as in every response. The order of the fields here is their order in the JSON text, on both servers.

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const dateTime = (description: string) => Type.String({ format: 'date-time', description });

/** What `instant` reads, and also a leap second. */
export const dateOrTime = (description: string) =>
  Type.Union([Type.String({ format: 'date' }), Type.String({ format: 'date-time' })], { description });

export const genders = ['undefined', 'male', 'female', 'non_binary'] as const;

export const Address = Type.Object({
  country: Type.String(),
  city: Type.String(),
  city_code: Type.String(),
  street: nullable(Type.String()),
  street_number: nullable(Type.String()),
});

export const Relationship = Type.Object({
  points: Type.Integer({ minimum: 0 }),
  last_activity: nullable(dateTime('RFC 3339, UTC, microseconds')),
});

export const Customer = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  first_name: Type.String(),
  last_name: Type.String(),
  gender: Type.Enum([...genders]),
  customer_id: Type.String(),
  phone_number: nullable(Type.String()),
  created: dateTime('RFC 3339, UTC, microseconds'),
  birthday: nullable(Type.String({ format: 'date' })),
  last_updated: dateTime('RFC 3339, UTC, microseconds'),
  address: nullable(Address),
  relationship: nullable(Relationship),
});

export const CustomerPage = Type.Object({
  count: nullable(Type.Integer({ minimum: 0, description: 'null with count=none' })),
  next: nullable(Type.String({ format: 'uri' })),
  previous: nullable(Type.String({ format: 'uri' })),
  results: Type.Array(Customer),
  performance: Type.Object({
    execution_time_s: Type.Number({ description: 'seconds this very answer took' }),
    query_count: Type.Integer({ description: 'statements it cost; 0 from a cache' }),
  }),
});

export type Address = Type.Static<typeof Address>;
export type Relationship = Type.Static<typeof Relationship>;
export type Customer = Type.Static<typeof Customer>;
