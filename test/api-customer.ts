import type { CustomerRows } from '../src/seed/customer.ts';

/** The values of a seeded customer under their API names, without those that the API generates. */
export const apiValues = ({ customer: person, address, relationship }: CustomerRows) => ({
  first_name: person.firstName,
  last_name: person.lastName,
  gender: person.gender,
  customer_id: person.customerId,
  phone_number: person.phoneNumber,
  birthday: person.birthday,
  address: address && {
    country: address.country,
    city: address.city,
    city_code: address.cityCode,
    street: address.street,
    street_number: address.streetNumber,
  },
  relationship: relationship && {
    points: relationship.points,
    last_activity: relationship.lastActivity,
  },
});
