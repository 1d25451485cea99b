import { columns, numberColumns, orders } from '../contract/columns.ts';
import { listing } from './listing/listing.ts';
import type { Values } from './listing/rows.ts';

// Declares the listing of the customers, and renders its rows.

/** The listing of the customers (src/sql/optimized/schema/201_customer_list.sql). */
export const customers = listing({
  ...{ table: 'customer_list', columns, sorts: orders, sortedBy: 'created', numbers: numberColumns },
});

const places = Object.fromEntries(customers.columns.map(({ name, at }) => [name, at]));
const at = (name: keyof typeof columns) => places[name]!;

/** The JSON text of a customer, as the contract defines it. It is not stored: field names would be most of it. */
export const render = (values: Values): string => {
  const of = (name: keyof typeof columns) => values[at(name)];
  return JSON.stringify({
    id: values[0],
    first_name: of('first_name'),
    last_name: of('last_name'),
    gender: of('gender'),
    customer_id: of('customer_id'),
    phone_number: of('phone_number'),
    created: of('created'),
    birthday: of('birthday'),
    last_updated: of('last_updated'),
    address:
      of('country') === null
        ? null
        : {
            country: of('country'),
            city: of('city'),
            city_code: of('city_code'),
            street: of('street'),
            street_number: of('street_number'),
          },
    relationship: of('points') === null ? null : { points: of('points'), last_activity: of('last_activity') },
  });
};
