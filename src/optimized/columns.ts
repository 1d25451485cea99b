import { columns, numberColumns, orders } from '../contract/columns.ts';
import { renderer } from './listing/json.ts';
import { listing } from './listing/listing.ts';

// Declares the listing of the customers, and renders its rows.

/** The listing of the customers (src/sql/optimized/schema/201_customer_list.sql). */
export const customers = listing({
  ...{ table: 'customer_list', columns, sorts: orders, sortedBy: 'created', numbers: numberColumns },
});

/** Renders a customer as the contract defines it. Its JSON is not stored: field names would be most of it. */
export const render = renderer(customers, [
  ...['id', 'first_name', 'last_name', 'gender', 'customer_id', 'phone_number'],
  ...['created', 'birthday', 'last_updated'],
  { address: ['country', 'city', 'city_code', 'street', 'street_number'] },
  { relationship: ['points', 'last_activity'] },
]);
