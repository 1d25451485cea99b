import type { Listing } from './listing.ts';
import { columnName, joined, literal } from './sql.ts';

// Generates the SQL that builds a listing in its database, from the procedures of src/sql/listing/schema and the view of its rows.

export interface Step {
  name: string;
  text: string;
}

/** SQL that stores the columns and orders of a listing in the tables that the procedures read. */
function declaration({ table, columns, orders, sorts, filters }: Listing): string {
  const filterOf = (name: string) => {
    const operators = Object.values(filters).filter(({ column }) => column === name);
    const [found] = operators.filter(({ operator }) => operator !== 'present');
    return found === undefined
      ? 'null'
      : literal(found.operator === 'contains' || found.operator === 'equals' ? found.operator : 'range');
  };
  const columnRows = columns.map(
    ({ name, type, at }) =>
      `(${literal(table)}, ${at}, ${literal(name)}, ${literal(type)}, ${filterOf(name)})`,
  );
  const orderRows = Object.values(orders).map(
    ({ name, number, columns: keys }) =>
      `(${literal(table)}, ${number}, ${literal(name)}, array[${keys.map((key) => literal(key.name)).join(', ')}], ${sorts.includes(name)})`,
  );
  return `insert into listing_column (list, position, name, type, filter) values ${columnRows.join(', ')};
insert into listing_order (list, number, name, columns, is_sort) values ${orderRows.join(', ')};`;
}

/** The steps that build a listing from its view, in execution order; each is one or more statements without parameters. */
export function buildSteps(listing: Listing): Step[] {
  const list = literal(listing.table);
  const sorted = literal(
    joined(
      listing.orders[listing.sortedBy]!.columns.map(({ name }) => columnName(name)),
      ', ',
    ),
  );
  return [
    { name: 'columns', text: declaration(listing) },
    { name: 'rows of the listing', text: `call listing_fill(${list}, ${sorted});` },
    { name: 'different values', text: `call listing_measure(${list});` },
    { name: 'buckets', text: `call listing_make_tags(${list});` },
    { name: 'indexes', text: `call listing_index(${list});` },
    { name: 'zones', text: `call listing_measure_zones(${list}); call listing_make_zones(${list});` },
    { name: 'follow', text: `call listing_make_refresh(${list}); call listing_make_changes(${list});` },
  ];
}
