import { describe, expect, test } from 'bun:test';
import { type CustomerRows, customer, customers } from '../src/seed/customer.ts';
import { pools } from '../src/seed/index.ts';

describe('a customer', () => {
  const count = 20_000;
  const all: CustomerRows[] = Array.from({ length: count }, (_, i) => customers(1, 'default')(i));
  const share = (fits: (rows: CustomerRows) => boolean) => all.filter(fits).length / count;

  test('depends only on seed and number', () => {
    expect(customer(12_345, 1, 'default')).toEqual(all[12_345]!);
    expect(customer(12_345, 2, 'default')).not.toEqual(all[12_345]!);
  });

  test('has data within the limits of the contract', () => {
    const ages = all.flatMap(({ customer: { birthday } }) => birthday ?? []).sort();
    expect(ages[0]! >= '1946-11-01' && ages.at(-1)! <= '2008-11-01').toBe(true);
    expect(new Set(all.map((rows) => rows.customer.customerId)).size).toBe(count);
    for (const { customer: person, address, relationship } of all) {
      expect(person.customerId).toMatch(/^[\da-f]{32}$/);
      expect(person.phoneNumber ?? '+10000000000').toMatch(/^\+[1-9]\d{9,13}$/);
      expect(person.created >= '2023-11-01' && person.created <= person.lastUpdated).toBe(true);
      expect(person.lastUpdated <= '2026-11-01').toBe(true);
      expect(address === null || address.id === person.addressId).toBe(true);
      if (!relationship) continue;
      expect(relationship.points >= 0 && relationship.points <= 50_000).toBe(true);
      expect(relationship.lastActivity === null || relationship.lastActivity >= relationship.created).toBe(
        true,
      );
    }
  });

  test('has values in realistic proportions', () => {
    expect(share((rows) => rows.customer.addressId === null)).toBeCloseTo(0.1, 2);
    expect(share((rows) => rows.address !== null)).toBe(0.5);
    expect(new Set(all.flatMap((rows) => rows.customer.addressId ?? [])).size).toBe(count / 2);
    expect(share((rows) => rows.relationship === null)).toBeCloseTo(0.05, 2);
    expect(share((rows) => rows.address !== null && rows.address.streetNumber === null)).toBeCloseTo(
      0.025,
      2,
    );
    for (const gender of ['undefined', 'male', 'female', 'non_binary']) {
      expect(share((rows) => rows.customer.gender === gender)).toBeGreaterThan(0.04);
    }
    for (const name of ['Anthony', 'Nicholas']) {
      expect(share((rows) => rows.customer.firstName === name)).toBeGreaterThan(0.005);
    }
    expect(share((rows) => /Heights/.test(rows.address?.street ?? ''))).toBeGreaterThan(0.005);
    expect(share((rows) => rows.customer.firstName === 'Åsa')).toBeGreaterThan(0);
  });

  test('lives in a city of only one country, with a code of only one city', () => {
    const cities = pools(1).cities.values;
    expect(new Set(cities.map((city) => city.name)).size).toBe(cities.length);
    const codes = cities.flatMap((city) => city.codes);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.length).toBeGreaterThan(7_500);
  });
});
