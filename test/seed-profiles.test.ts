import { describe, expect, test } from 'bun:test';
import { readNewCustomer } from '../src/contract/writes.ts';
import { lines } from '../src/seed/copy.ts';
import { addressCount, type CustomerRows, customer, customers } from '../src/seed/customer.ts';
import { type ProfileName, profiles } from '../src/seed/profiles/index.ts';
import { reference } from '../src/seed/times.ts';
import { apiValues } from './api-customer.ts';

const count = 20_000;
const names = Object.keys(profiles) as ProfileName[];
const rowsOf = Object.fromEntries(
  names.map((name) => [name, Array.from({ length: count }, (_, i) => customers(1, name)(i))]),
) as Record<ProfileName, CustomerRows[]>;

/** The share of the customers, or of the addresses, for which `fits` holds. */
const share = (rows: CustomerRows[], fits: (rows: CustomerRows) => boolean) =>
  rows.filter(fits).length / rows.length;
const different = (rows: CustomerRows[], value: (rows: CustomerRows) => string | null | undefined) =>
  new Set(rows.map(value).filter((each) => each !== null && each !== undefined)).size;
/** The share of the customers that have the most frequent value. */
function mostFrequent<T>(rows: CustomerRows[], value: (rows: CustomerRows) => T | null | undefined): number {
  const groups = Map.groupBy(rows.map(value), (each) => each);
  groups.delete(null);
  groups.delete(undefined);
  return Math.max(...[...groups.values()].map((group) => group.length)) / rows.length;
}
const withAddress = (rows: CustomerRows[]) => rows.filter(({ address }) => address);

describe.each(names)('customers of the profile %s', (name) => {
  const all = rowsOf[name];

  test('depend only on seed and number', () => {
    expect(customer(12_345, 1, name)).toEqual(all[12_345]!);
    expect(customer(12_345, 2, name)).not.toEqual(all[12_345]!);
    const backwards = customers(1, name);
    for (const i of [9, 3, 7, 3]) expect(backwards(i)).toEqual(all[i]!);
  });

  test('could have been created through the API', () => {
    for (const rows of all.slice(0, 4_000)) expect(() => readNewCustomer(apiValues(rows))).not.toThrow();
  });

  test('have unique ids, and were changed no later than the reference time', () => {
    expect(different(all, ({ customer: { customerId } }) => customerId)).toBe(count);
    const last = reference.toISOString();
    for (const { customer: person } of all) expect(person.lastUpdated <= last).toBeTrue();
  });

  test('live at every address, and at no other', () => {
    const addresses = addressCount(count, name);
    const own = all.flatMap(({ address }) => address?.id ?? []);
    expect(own).toEqual(Array.from({ length: addresses }, (_, at) => at + 1));
    for (const [at, { customer: person, address }] of all.entries()) {
      expect(address === null || address.id === person.addressId).toBeTrue();
      expect((person.addressId ?? 1) <= addressCount(at + 1, name)).toBeTrue();
    }
  });

  test('have one line for COPY per row, with as many fields as columns', () => {
    const made = lines(customers(1, name), 0, 2_000);
    const shapes = { address: 6, customer: 10, customer_relationship: 5 } as const;
    for (const [table, fields] of Object.entries(shapes)) {
      const { text, rows } = made[table as keyof typeof shapes];
      const each = text.split('\n').slice(0, -1);
      expect(each.length).toBe(rows);
      expect(new Set(each.map((line) => line.split('\t').length))).toEqual(new Set([fields]));
    }
  });
});

describe('the profile', () => {
  test('diverse has many distinct values, and more with more customers', () => {
    const all = rowsOf.diverse;
    const texts: [(rows: CustomerRows) => string | null | undefined, number, number][] = [
      [({ customer: { firstName } }) => firstName, 0.6, 0.66],
      [({ customer: { lastName } }) => lastName, 0.92, 0.97],
      [({ address }) => address?.street, 0.4, 0.46],
      [({ address }) => address?.city, 0.33, 0.38],
    ];
    for (const [value, least, most] of texts) {
      expect(different(all, value) / count).toBeWithin(least, most);
      expect(different(all.slice(0, count / 4), value) / different(all, value)).toBeWithin(0.25, 0.35);
    }
    expect(different(all, ({ address }) => address?.cityCode)).toBeGreaterThan(4_000);
  });

  test('diverse has frequent values, double names, titles and several alphabets', () => {
    const all = rowsOf.diverse;
    expect(share(all, ({ customer: { firstName } }) => firstName === 'Anthony')).toBeGreaterThan(0.003);
    const firstNames = all.map(({ customer: { firstName } }) => firstName);
    for (const form of [/^Dr\. /, /\S-\S/, /^[\p{Lu}][\p{L}]+ [\p{Lu}]/u, /\p{Script=Cyrillic}/u])
      expect(firstNames.filter((text) => form.test(text)).length).toBeGreaterThan(20);
    for (const form of [/\p{Script=Greek}/u, /\p{Script=Han}/u, /[łžøñß]/u])
      expect(firstNames.filter((text) => form.test(text)).length).toBeGreaterThan(20);
  });

  test('diverse has cities in several countries, and codes in several cities', () => {
    const homes = rowsOf.diverse.flatMap(({ address }) => address ?? []);
    const severalIn = (of: 'city' | 'cityCode', what: 'country' | 'city') =>
      [...Map.groupBy(homes, (home) => home[of]).values()].filter(
        (group) => new Set(group.map((home) => home[what])).size > 1,
      ).length;
    expect(severalIn('city', 'country')).toBeGreaterThan(300);
    expect(severalIn('cityCode', 'city')).toBeGreaterThan(1_000);
  });

  test('diverse has ascending ids, mostly in the order of creation', () => {
    const people = rowsOf.diverse.map((rows) => rows.customer);
    expect(people[1_233]!.customerId).toBe('CUST-00001234');
    const later = people.filter(({ created }, at) => at > 0 && created > people[at - 1]!.created);
    expect(later.length / count).toBeWithin(0.9, 0.96);
  });

  test('diverse, imported and uniform have activity that does not follow from the creation', () => {
    for (const name of ['diverse', 'imported', 'uniform'] as const) {
      const active = rowsOf[name].filter(({ relationship }) => relationship?.lastActivity);
      const before = share(active, (rows) => rows.relationship!.lastActivity! < rows.customer.created);
      expect(before).toBeGreaterThan(name === 'diverse' ? 0.01 : 0.4);
    }
  });

  test('imported has one creation time for a third, few points, and phone numbers that several share', () => {
    const all = rowsOf.imported;
    expect(mostFrequent(all, ({ customer: { created } }) => created)).toBeCloseTo(1 / 3, 2);
    expect(mostFrequent(all, ({ customer: { lastUpdated } }) => lastUpdated)).toBeWithin(0.25, 0.3);
    expect(share(all, ({ relationship }) => (relationship?.points ?? 0) === 0)).toBeWithin(0.79, 0.82);
    expect(share(all, ({ relationship }) => relationship === null)).toBeCloseTo(0.4, 2);
    expect(share(all, ({ customer: { customerId } }) => /^KD\d{10}$/.test(customerId))).toBeCloseTo(1 / 3, 2);
    const phones = Map.groupBy(all, ({ customer: { phoneNumber } }) => phoneNumber);
    phones.delete(null);
    const shared = [...phones.values()].filter((group) => group.length > 1).flat();
    expect(shared.length / count).toBeWithin(0.08, 0.105);
    expect(addressCount(count, 'imported')).toBe(Math.ceil(count / 3));
  });

  test('uniform has every value equally often, and each city in every country', () => {
    const all = rowsOf.uniform;
    expect(mostFrequent(all, ({ customer: { firstName } }) => firstName)).toBeLessThan(3 / 660);
    expect(mostFrequent(withAddress(all), ({ address }) => address!.country)).toBeLessThan(2 / 80);
    const pairs = different(all, ({ address }) => address && `${address.city}|${address.country}`);
    expect(pairs).toBeGreaterThan(8_000);
    expect(share(all, ({ customer: { created, lastUpdated } }) => lastUpdated < created)).toBeCloseTo(0.5, 1);
  });

  test('random has another distribution for each seed, within the limits of the API', () => {
    const seeds = Array.from({ length: 40 }, (_, at) => at + 1);
    const counts = seeds.map((seed) => {
      const make = customers(seed, 'random');
      const all = Array.from({ length: 200 }, (_, i) => make(i));
      for (const rows of all) expect(() => readNewCustomer(apiValues(rows))).not.toThrow();
      return different(all, ({ customer: { firstName } }) => firstName);
    });
    for (const [least, most] of [
      [1, 1],
      [2, 50],
      [51, 199],
      [200, 200],
    ] as const)
      expect(counts.some((count) => count >= least && count <= most)).toBeTrue();
  });

  test('unfriendly has one value for half of the customers, and columns without any value', () => {
    const all = rowsOf.unfriendly;
    expect(mostFrequent(all, ({ customer: { firstName } }) => firstName)).toBeCloseTo(0.5, 1);
    expect(mostFrequent(all, ({ customer: { created } }) => created)).toBeCloseTo(0.5, 1);
    expect(mostFrequent(all, ({ relationship }) => relationship?.points)).toBeCloseTo(0.5, 1);
    expect(mostFrequent(withAddress(all), ({ address }) => address!.city)).toBeCloseTo(5 / 9, 1);
    expect(mostFrequent(withAddress(all), ({ address }) => address!.country)).toBeCloseTo(5 / 9, 1);
    expect(mostFrequent(all, ({ customer: { birthday } }) => birthday)).toBeGreaterThan(0.15);
    for (const { address, relationship } of all) {
      expect(address?.streetNumber ?? null).toBeNull();
      expect(relationship?.lastActivity ?? null).toBeNull();
    }
  });

  test('unfriendly has the shortest and the longest, the first and the last values', () => {
    const all = rowsOf.unfriendly;
    const lengths = new Set(all.map(({ customer: { lastName } }) => [...lastName].length));
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([1, 128]);
    const born = all.flatMap(({ customer: { birthday } }) => birthday ?? []).sort();
    expect(born[0]).toBe('0001-01-01');
    const made = all.map(({ customer: { created } }) => created).sort();
    expect([made[0], made.at(-1)]).toEqual(['0001-01-01T00:00:00.000000Z', '9999-12-31T23:59:59.999999Z']);
    const points = new Set(all.map(({ relationship }) => relationship?.points));
    expect(points.has(0) && points.has(2 ** 31 - 1)).toBeTrue();
    const texts = all.map(({ customer: { lastName } }) => lastName).join(' ');
    for (const odd of [
      'İ',
      'ẞ',
      'ſ',
      'ς',
      '\u0301',
      '１',
      '\u00a0',
      '\u200d',
      '👍🏽',
      'א',
      '𠮷',
      '\ue000',
      '\\N',
      '\n',
    ])
      expect(texts).toContain(odd);
  });
});
