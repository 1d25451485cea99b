import type { Random } from '../generate/random.ts';
import { piece, type TextParameter, textParameters } from '../generate/values.ts';
import type { Facts, Place } from './facts.ts';
import { joined, simple } from './goals.ts';
import type { Draft, Query } from './shape.ts';
import { otherSort } from './sorts.ts';

// The cases that a planner misestimates, each with its name. Each is requested in the default order and in the others.

type Case = (draw: Random) => Query;

/** `parts`: the number of conditions. One condition in the default order has to be as fast as any filter. */
interface Hard {
  name: string;
  parts: number;
  query: Draft['query'];
}

/** The hard cases of this data. */
export function hardCases(facts: Facts): Draft[] {
  const all = [...named(facts), ...letters];
  return all.flatMap(({ name, parts, query }): Draft[] => [
    { name: `hard: ${name}`, kind: 'filter', goal: parts === 1 ? simple : joined, query },
    {
      name: `hard, other sort: ${name}`,
      kind: 'filter',
      goal: joined,
      query: (draw, row) => {
        const filter = query(draw, row);
        return filter && { ...filter, ...otherSort(draw) };
      },
    },
  ]);
}

function named(facts: Facts): Hard[] {
  const { frequentNames, rareNames, frequentPlaces, rarePlaces } = facts;
  const word = (text: string) => text.match(/[\p{L}]+/u)?.[0] ?? text;
  const cases: [name: string, parts: number, query: Case][] = [
    ['a filter that every row passes', 1, (draw) => draw.pick(passed)],
    ['a filter that no row passes', 1, (draw) => draw.pick(passedByNone)],
    ['three filters that every row passes', 3, (draw) => Object.assign({}, ...passedThrice(draw))],
    ['the rarest first names', 1, (draw) => ({ first_name: draw.pick(rareNames) })],
    ['the most frequent first names', 1, (draw) => ({ first_name: draw.pick(frequentNames) })],
    [
      'a rare word and a frequent one',
      1,
      (draw) => ({ search: `${word(draw.pick(rareNames))} ${word(draw.pick(frequentPlaces).country)}` }),
    ],
    [
      'two frequent words',
      1,
      (draw) => ({ search: `${word(draw.pick(frequentNames))} ${word(draw.pick(frequentPlaces).country)}` }),
    ],
    [
      'a rare filter and a frequent one',
      2,
      (draw) => ({ city: draw.pick(rarePlaces).city, first_name: draw.pick(frequentNames) }),
    ],
    [
      'two frequent filters that never match together',
      2,
      (draw) => apart(draw, frequentPlaces, ({ city }, { country }) => ({ city, country })),
    ],
    [
      'two frequent words that never match together',
      1,
      (draw) =>
        apart(draw, frequentPlaces, ({ city }, { country }) => ({
          search: `${word(city)} ${word(country)}`,
        })),
    ],
    [
      'two halves that never match together',
      2,
      () => ({ created_after: facts.middle, last_updated_before: facts.middle }),
    ],
    ['few, at the far end of the order', 1, () => ({ created_before: facts.early })],
    ['few, at the far end of another column', 1, () => ({ last_updated_before: facts.early })],
    ['nearly all, but for the near end of the order', 1, () => ({ created_before: facts.late })],
    ['those without an address', 1, () => ({ has_address: 'false' })],
  ];
  return cases.map(([name, parts, query]) => ({ name, parts, query }));
}

const passed: Query[] = [
  { created_after: '1900-01-01' },
  { created_before: '2100-01-01' },
  { last_updated_before: '2100-01-01' },
  { last_updated_after: '1900-01-01' },
  { birthday_after: '1900-01-01' },
  { min_points: 0 },
  { max_points: 2 ** 31 - 1 },
];
const passedThrice = (draw: Random) => [0, 2, 4].map((from) => draw.pick(passed.slice(from, from + 2)));

const passedByNone: Query[] = [
  ...Object.keys(textParameters).map((name) => ({ [name]: 'qxqx' })),
  { customer_id: 'zz' },
  { phone_number: '99999999999999' },
  { search: 'qxqx' },
  { search: '99999999999999' },
  { min_points: 2 ** 31 },
  { created_after: '2100-01-01' },
  { birthday_before: '1900-01-01' },
];

/** Two places in different countries, or the same place twice if there is only one country. */
function apart(draw: Random, places: Place[], make: (one: Place, other: Place) => Query): Query {
  const one = draw.pick(places);
  const others = places.filter(({ country }) => country !== one.country);
  return make(one, others.length > 0 ? draw.pick(others) : one);
}

/** Substrings of one or two characters: too short for a trigram index. */
const letters: Hard[] = (Object.keys(textParameters) as TextParameter[]).map((name) => ({
  name: `one or two characters of ${name}`,
  parts: 1,
  query: (draw, row) => {
    const text = textParameters[name](row);
    return text ? { [name]: piece(draw, text, 2) } : null;
  },
}));
