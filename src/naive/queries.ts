import { columns, filtersOf } from '../contract/columns.ts';
import type { Address, Customer, Relationship } from '../contract/customer.ts';
import { escapeLike } from '../contract/like.ts';
import type { ListRequest } from '../contract/list.ts';
import type { Sort } from '../contract/parameters.ts';
import type { Parameter, Run } from '../server/database.ts';
import addressText from '../sql/naive/address.sql' with { type: 'text' };
import customerText from '../sql/naive/customer.sql' with { type: 'text' };
import matchingText from '../sql/naive/matching.sql' with { type: 'text' };
import relationshipText from '../sql/naive/relationship.sql' with { type: 'text' };

interface CustomerRow extends Omit<Customer, 'address' | 'relationship'> {
  address_id: number | null;
}

const sortColumns: Record<Sort, string[]> = {
  full_name: ['customer.first_name', 'customer.last_name'],
  first_name: ['customer.first_name'],
  last_name: ['customer.last_name'],
  created: ['customer.created'],
  customer_id: ['customer.customer_id'],
  city: ['address.city'],
  country: ['address.country'],
  points: ['relationship.points'],
  last_activity: ['relationship.last_activity'],
  last_updated: ['customer.last_updated'],
  relevance: ["ts_rank(document.vector, websearch_to_tsquery('simple', $1))"],
};

const filters = Object.entries(filtersOf(columns));
/** The number of parameters of `matching.sql`: search text, words, numbers, then one per filter. */
const matchingCount = 3 + filters.length;

/** The statement of a list: matching customers, sorted, one page by LIMIT and OFFSET. */
export function listText(sort: Sort, descending: boolean): string {
  const direction = descending ? 'desc' : 'asc';
  const order = [...sortColumns[sort], 'customer.id'].map((column) => `${column} ${direction} nulls last`);
  const [limit, offset] = [matchingCount + 1, matchingCount + 2];
  return `${matchingText} order by ${order.join(', ')} limit $${limit}::bigint offset $${offset}::bigint`;
}

export const countText = `select count(*) as count from (${matchingText}) matching`;
const estimateText = `explain (format json) ${matchingText}`;

/** The parameters of `matching.sql`; null means no filter. */
export function matchingParameters({ filters: asked, search }: ListRequest): Parameter[] {
  const value = (name: string, isPart: boolean) =>
    isPart && asked[name] !== undefined ? escapeLike(String(asked[name])) : (asked[name] ?? null);
  return [
    search?.text ?? null,
    search?.kind === 'words' ? search.words : null,
    search?.kind === 'words' ? search.numbers : null,
    ...filters.map(([name, { operator }]) => value(name, operator === 'contains')),
  ];
}

/** One page of customers, plus one more row if there is one. */
export async function list(run: Run, request: ListRequest): Promise<Customer[]> {
  const offset = ((request.page ?? 1) - 1) * request.pageSize;
  const rows = await run<CustomerRow>(listText(request.sort as Sort, request.descending), [
    ...matchingParameters(request),
    request.pageSize + 1,
    offset,
  ]);
  const customers: Customer[] = [];
  for (const row of rows) customers.push(await withParts(run, row));
  return customers;
}

/** The number of matches: counted, estimated by the planner, or not requested (null). */
export async function count(run: Run, request: ListRequest): Promise<number | null> {
  if (request.count === 'none') return null;
  const parameters = matchingParameters(request);
  if (request.count === 'exact') return (await run<{ count: number }>(countText, parameters))[0]!.count;
  const [row] = await run<{ 'QUERY PLAN': string }>(estimateText, parameters);
  return JSON.parse(row!['QUERY PLAN'])[0].Plan['Plan Rows'];
}

/** One customer; null if none has this id. */
export async function find(run: Run, id: string): Promise<Customer | null> {
  const [row] = await run<CustomerRow>(customerText, [id]);
  return row ? withParts(run, row) : null;
}

async function withParts(run: Run, { address_id, ...row }: CustomerRow): Promise<Customer> {
  const [address] = address_id === null ? [] : await run<Address>(addressText, [address_id]);
  const [relationship] = await run<Relationship>(relationshipText, [row.id]);
  return { ...row, address: address ?? null, relationship: relationship ?? null };
}
