import { describe, expect, test } from 'bun:test';
import type { Room } from '../rooms.ts';
import { namesOf, people } from './people.ts';

// The examples from the start of the project. `+` is not encoded, as users write it.

const [Someone, Anotherone, Thirdperson, NoAddressPerson] = people.map(({ first_name }) => first_name);

const table: [query: string, names: (string | undefined)[]][] = [
  ['', [Someone, Anotherone, Thirdperson, NoAddressPerson]],
  ['first_name=Some', [Someone]],
  ['last_name=Two', [Anotherone]],
  ['gender=male', [Anotherone, NoAddressPerson]],
  ['birthday_after=1999-01-01', [Someone]],
  ['birthday_before=1985-01-01', [Thirdperson]],
  ['customer_id=CUST-003', [Thirdperson]],
  ['phone_number=+444', [NoAddressPerson]],
  ['min_points=200', [Anotherone]],
  ['max_points=75', [Thirdperson]],
  ['active_from=2023-05-01', [Anotherone]],
  ['active_before=2023-01-01', [Thirdperson]],
  ['city=Someplace', [Someone, Thirdperson]],
  ['country=Testland', [Someone, Anotherone, Thirdperson]],
  ['street=Main', [Someone, Thirdperson]],
  ['city_code=54321', [Anotherone]],
  ['street_number=1', [Someone, Thirdperson]],
  ['has_address=true', [Someone, Anotherone, Thirdperson]],
  ['has_address=false', [NoAddressPerson]],
  ['search=Someone', [Someone]],
  ['search=Three', [Thirdperson]],
  ['search=Someplace', [Someone, Thirdperson]],
  ['search=Anotherone Second', [Anotherone]],
  ['search=Main Street', [Someone, Thirdperson]],
  ['search=Thirdperson Testland', [Thirdperson]],
  ['search=One %26 12345', [Someone]],
  ['search=12345', [Someone, Thirdperson]],
  ['search=Main Street Testland', [Someone, Thirdperson]],
  ['search=Main Street One', [Someone]],
  ['city=Someplace&min_points=90&max_points=150', [Someone]],
];

const firsts: [query: string, first: string | undefined][] = [
  ['sort_by=first_name&ordering=ascending', Anotherone],
  ['sort_by=first_name&ordering=descending', Thirdperson],
  ['sort_by=last_name&ordering=ascending', Someone],
  ['sort_by=last_name&ordering=descending', Anotherone],
  ['sort_by=points&ordering=ascending', Thirdperson],
  ['sort_by=points&ordering=descending', Anotherone],
];

export function examples(room: () => Room) {
  describe('the examples', () => {
    test.each(table)('?%s', async (query, names) => {
      const page = await room().list(`${query}&count=exact`);
      expect(namesOf(page)).toEqual(names.map(String).sort());
      expect(page.count).toBe(names.length);
    });

    test.each(firsts)('?country=Testland&%s', async (query, first) => {
      const { results } = await room().list(`country=Testland&${query}`);
      expect(results).toHaveLength(3);
      expect(results[0]!.first_name).toBe(first!);
    });

    test('?page_size=2', async () => {
      const page = await room().list('page_size=2');
      expect(page.results).toHaveLength(2);
      expect(page.next).toBeString();
    });
  });
}
