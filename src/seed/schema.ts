import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export type Kind = 'naive' | 'optimized';

export interface SchemaFile {
  /** As the step is called: `101_read_model` */
  name: string;
  text: string;
}

/** To be raised with every change of the rows that a seed gives. */
const generator = 2;

/** The tables without keys: what rows are copied into. */
export const beforeRows = files('../sql/schema/').filter((file) => file.name.startsWith('001'));
/** Keys and constraints, once the rows are there. */
export const afterRows = files('../sql/schema/').filter((file) => !file.name.startsWith('001'));
/** What the optimized database has more: read model, indexes, triggers. */
export const optimizations = files('../sql/optimized/schema/');

/** Changes whenever a database of this kind would come out otherwise. */
export function version(kind: Kind): string {
  const parts = [...beforeRows, ...afterRows, ...(kind === 'optimized' ? optimizations : [])];
  const hash = new Bun.CryptoHasher('sha256').update(`generator ${generator}\n`);
  for (const { name, text } of parts) hash.update(`${name}\n${text}\n`);
  return hash.digest('hex').slice(0, 12);
}

function files(folder: string): SchemaFile[] {
  const path = fileURLToPath(new URL(folder, import.meta.url));
  return readdirSync(path)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => ({ name: file.replace('.sql', ''), text: readFileSync(path + file, 'utf8') }));
}
