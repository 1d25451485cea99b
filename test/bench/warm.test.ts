import { expect, test } from 'bun:test';
import { readIntoMemory } from '../../bench/warm.ts';
import { copyOf } from '../cluster.ts';
import { useConnection } from '../rooms.ts';

const sql = useConnection(() => copyOf('optimized'));

/** The indexes of the read model without a disk block in PostgreSQL's shared buffers. */
async function absent(): Promise<string[]> {
  const rows = await sql()<{ name: string }[]>`
    select relname as name from pg_class
    where relname like 'customer_list%' and relkind = 'i'
      and not exists (
        select from pg_buffercache
        where relfilenode = pg_relation_filenode(oid)
          and reldatabase = (select oid from pg_database where datname = current_database())
      )`;
  return rows.map(({ name }) => name);
}

test('a database is read into memory before it is measured, and is left as it was', async () => {
  await sql()`create extension pg_buffercache`;
  expect((await absent()).length).toBeGreaterThan(10);
  await readIntoMemory(sql());
  expect(await absent()).toEqual([]);
  expect(await sql()`select from pg_extension where extname = 'pg_prewarm'`).toHaveLength(0);
});
