/** A page of orders, as a list request and as plain SQL. */
export interface Rung {
  title: string;
  query: string;
  condition: string;
  order: string;
  skip?: number;
}

const newest = 'placed desc';

export const rungs: Rung[] = [
  { title: 'newest first', query: '', condition: 'true', order: newest },
  { title: 'page 500', query: 'page=500', condition: 'true', order: newest, skip: 499 * 20 },
  {
    title: 'by amount',
    query: 'sort_by=amount&ordering=descending',
    condition: 'true',
    order: 'amount desc',
  },
  {
    title: 'by delivery, where some have none',
    query: 'sort_by=delivered&ordering=ascending',
    ...{ condition: 'true', order: 'delivered asc' },
  },
  {
    title: 'one status of four, by amount',
    query: 'status=returned&sort_by=amount&ordering=ascending',
    ...{ condition: `status = 'returned'`, order: 'amount asc' },
  },
  {
    title: 'a part of a name that one in five has',
    query: 'customer=okafor',
    ...{ condition: `customer ilike '%okafor%'`, order: newest },
  },
  {
    title: 'a part of a name that one in 450 has',
    query: 'customer=okafor+76',
    ...{ condition: `customer ilike '%okafor 76%'`, order: newest },
  },
  {
    title: 'a part of a note',
    query: 'note=door+4221',
    ...{ condition: `note ilike '%door 4221%'`, order: newest },
  },
  {
    title: 'returned, of a high amount, delivered early',
    query: 'status=returned&min_amount=65000&delivered_before=2026-06-30',
    ...{
      condition: `status = 'returned' and amount >= 65000 and delivered <= '2026-06-30'`,
      order: newest,
    },
  },
  {
    title: 'a search for two words',
    query: 'search=chioma+present',
    ...{ condition: `document @@ websearch_to_tsquery('simple', 'chioma present')`, order: newest },
  },
  {
    title: 'a search for a name and a number',
    query: 'search=fumiko+711',
    ...{ condition: `document @@ websearch_to_tsquery('simple', 'fumiko 711')`, order: newest },
  },
];
