import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { customers } from '../optimized/columns.ts';
import { buildSteps, type Step } from '../optimized/listing/schema.ts';

export type Kind = 'naive' | 'optimized';

/** To be raised with every change of the rows that a seed gives. */
const generator = 2;

/** The tables without keys: what rows are copied into. */
export const beforeRows = files('../sql/schema/').filter((file) => file.name.startsWith('001'));
/** Keys and constraints, once the rows are there. */
export const afterRows = files('../sql/schema/').filter((file) => !file.name.startsWith('001'));

/** What every listing is made by, customers or not. */
export const modules: Step[] = [...files('../sql/listing/schema/'), ...files('../sql/cache/schema/')];

const [view, ...afterListing] = files('../sql/optimized/schema/');
/** What the optimized database has more: listing, indexes, triggers. */
export const optimizations: Step[] = [...modules, view!, ...buildSteps(customers), ...afterListing];

/** Changes whenever a database of this kind would come out otherwise. */
export function version(kind: Kind): string {
  const parts = [...beforeRows, ...afterRows, ...(kind === 'optimized' ? optimizations : [])];
  const hash = new Bun.CryptoHasher('sha256').update(`generator ${generator}\n`);
  for (const { name, text } of parts) hash.update(`${name}\n${text}\n`);
  return hash.digest('hex').slice(0, 12);
}

function files(folder: string): Step[] {
  const path = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(path)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.replace('.sql', ''), text: readFileSync(path + file, 'utf8') }));
}
