import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { customers } from '../optimized/columns.ts';
import { buildSteps, type Step } from '../optimized/listing/schema.ts';

// What a database is made by: the migrations of the tables, which hold the truth and only go forward, and the steps that
// make the read model from them, which can be done again at any time.

export interface Migration extends Step {
  number: number;
}

/** The first makes the tables that rows are copied into; the second their keys, once the rows are there. */
export const migrations: Migration[] = files('../sql/schema/').map((file) => ({
  ...file,
  number: Number.parseInt(file.name, 10),
}));

/** What every listing is made by, customers or not. */
export const modules: Step[] = [...files('../sql/listing/schema/'), ...files('../sql/cache/schema/')];

const [view, ...afterListing] = files('../sql/optimized/schema/');
/** What the optimized database has more: listing, indexes, triggers. */
export const readModel: Step[] = [...modules, view!, ...buildSteps(customers), ...afterListing];

// Citus sends its workers all of the text that an index is made in, and they take one statement.
const indexApart = ({ name, text }: Step): Step => ({
  name,
  text: text.replace(/^create index .*;$/gm, 'do $$$$ begin $& end $$$$;'),
});
/** The same where Citus is installed in the database: the tables are distributed, and the listing is with them. */
export const distributedReadModel: Step[] = [
  ...[modules[0]!, indexApart(view!), buildSteps(customers)[0]!],
  ...files('../sql/citus/schema/'),
];

/** Another one for any other steps. */
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
