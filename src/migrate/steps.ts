import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { customers } from '../optimized/columns.ts';
import { buildSteps, type Step } from '../optimized/listing/schema.ts';

// How a database is made. Migrations, which only go forward, make the tables, the source of truth. Steps, which can be repeated
// at any time, build the read model from the tables.

export interface Migration extends Step {
  number: number;
}

/** The first makes the tables that rows are copied into. The second adds their keys once the rows are there. */
export const migrations: Migration[] = files('../sql/schema/').map((file) => ({
  ...file,
  number: Number.parseInt(file.name, 10),
}));

/** The steps of every listing, not only that of the customers. */
export const modules: Step[] = [...files('../sql/listing/schema/'), ...files('../sql/cache/schema/')];

const [view, ...afterListing] = files('../sql/optimized/schema/');
/** What the optimized database has in addition: listing, indexes, triggers. */
export const readModel: Step[] = [...modules, view!, ...buildSteps(customers), ...afterListing];

// Citus sends its workers the whole text that contains a CREATE INDEX, and they accept only one statement.
const indexApart = ({ name, text }: Step): Step => ({
  name,
  text: text.replace(/^create index .*;$/gm, 'do $$$$ begin $& end $$$$;'),
});
/** The same for a database with Citus, which distributes the listing together with the tables. */
export const distributedReadModel: Step[] = [
  ...[modules[0]!, indexApart(view!), buildSteps(customers)[0]!],
  ...files('../sql/citus/schema/'),
];

/** A digest that differs for any other steps. */
export function digestOf(steps: Step[]): string {
  const hash = new Bun.CryptoHasher('sha256');
  for (const { name, text } of steps) hash.update(`${name}\n${text}\n`);
  return hash.digest('hex').slice(0, 12);
}

function files(folder: string): Step[] {
  const path = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(path)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.replace('.sql', ''), text: readFileSync(path + file, 'utf8') }));
}
