import type { Address, Customer } from '../../src/contract/customer.ts';
import type { Sql } from '../../src/server/database.ts';
import { insertCustomers } from './rows.ts';

const mainStreet: Address = {
  country: 'Testland',
  city: 'Someplace',
  city_code: '12345',
  street: 'Main Street',
  street_number: '1',
};

/** The four customers of the examples. The first and the third share one address. */
export const people = [
  {
    id: 1,
    first_name: 'Someone',
    last_name: 'One',
    gender: 'female',
    customer_id: 'CUST-001',
    phone_number: '+111111111',
    created: '2024-01-01T08:00:00.000001Z',
    birthday: '2000-01-01',
    last_updated: '2024-03-01T00:00:00.000000Z',
    address: mainStreet,
    relationship: { points: 100, last_activity: '2023-01-15T00:00:00.000000Z' },
  },
  {
    id: 2,
    first_name: 'Anotherone',
    last_name: 'Two',
    gender: 'male',
    customer_id: 'CUST-002',
    phone_number: '+222222222',
    created: '2024-01-01T08:00:00.000002Z',
    birthday: '1990-05-20',
    last_updated: '2024-03-02T10:20:30.500000Z',
    address: {
      country: 'Testland',
      city: 'Anotherplace',
      city_code: '54321',
      street: 'Second Avenue',
      street_number: '2',
    },
    relationship: { points: 250, last_activity: '2023-06-20T00:00:00.000000Z' },
  },
  {
    id: 3,
    first_name: 'Thirdperson',
    last_name: 'Three',
    gender: 'undefined',
    customer_id: 'CUST-003',
    phone_number: '+333333333',
    created: '2024-01-02T08:00:00.000000Z',
    birthday: '1980-10-25',
    last_updated: '2024-03-03T00:00:00.000000Z',
    address: mainStreet,
    relationship: { points: 50, last_activity: '2022-12-01T00:00:00.000000Z' },
  },
  {
    id: 4,
    first_name: 'NoAddressPerson',
    last_name: 'Four',
    gender: 'male',
    customer_id: 'CUST-004',
    phone_number: '+444444444',
    created: '2024-01-03T08:00:00.123456Z',
    birthday: '1995-02-02',
    last_updated: '2024-03-04T00:00:00.000000Z',
    address: null,
    relationship: null,
  },
] satisfies Customer[];

export const insertPeople = (sql: Sql) => insertCustomers(sql, people);

export const [someone, anotherone, thirdperson, noAddressPerson] = people as unknown as [
  Customer,
  Customer,
  Customer,
  Customer,
];

/** Sorted first names, for tests that ignore the order. */
export const namesOf = ({ results }: { results: Customer[] }) =>
  results.map((customer) => customer.first_name).sort();
