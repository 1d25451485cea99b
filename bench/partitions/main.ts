import { command, run, Stop } from '../../src/cli/command.ts';
import * as option from '../../src/cli/options.ts';
import { connectionSettings } from '../../src/optimized/listing/read.ts';
import { connect, type Sql } from '../../src/server/database.ts';
import { type Copy, withCopy } from '../copy.ts';
import { writeFigures } from '../figures.ts';
import { listPath } from '../requests.ts';
import { cursorsOf, openedReader, statementsOf } from '../shapes/optimized.ts';
import { population, setStage } from '../stage.ts';
import { median } from '../statistics.ts';
import { table } from '../table.ts';
import { rowsOf } from './document.ts';

// The cost for a list of partitioning the read model by a hash of the id: each order and each value then spans all
// partitions, and a page is merged from them.

const counts = [1, 4, 16];
/** of its indexes; the others differ only in the column */
const copied = ['pkey', 'created_idx', 'points_idx', 'find_idx'];
const rounds = 5;
const repetitions = 200;

export const program = command(
  'bench -- partitions',
  `Copies the read model into ${counts.join(', ')} hash partitions with the same indexes, and runs the server's own statements on each: a page by cursor and filters. Prints medians and their ratios to the unpartitioned table.`,
)
  .addOption(option.customers(300_000))
  .addOption(option.data)
  .addOption(option.database)
  .addOption(option.json)
  .action(async ({ customers, data, database, json }) => {
    const started = new Date();
    const stage = await setStage(customers, { data, existing: database });
    const original = `${stage.db}_optimized`;
    const copy = `${stage.db}_partitions`;
    const { titles, found } = await withCopy(stage.services.postgres, original, copy, measureOn);
    console.log(
      `${population(stage)}: µs per statement, medians of ${rounds} rounds, and the ratio to the unpartitioned table\n`,
    );
    console.log(table(rowsOf({ titles, found })));
    await writeFigures('partitions', started, json, {
      customers: stage.customers,
      data: stage.data,
      titles,
      found,
    });
  });

async function measureOn({ address, database }: Copy) {
  const sql = connect(address, database, { pool: 1 }, connectionSettings);
  try {
    return await measure(sql);
  } finally {
    await sql.end();
  }
}

/** Copies the read model into each number of partitions, and measures each statement on each table. */
async function measure(sql: Sql) {
  const statements = await statementsToAsk(sql);
  await sql`set statement_timeout = 0`;
  for (const parts of counts) await copyInto(sql, parts);
  const tables = ['customer_list', ...counts.map(nameOf)];
  const times = new Map(tables.map((name) => [name, statements.map((): number[] => [])]));
  for (let round = 0; round < rounds; round++)
    for (const name of round % 2 ? tables.toReversed() : tables)
      for (const [i, { text, parameters }] of statements.entries())
        times.get(name)![i]!.push(await micros(sql, onTable(text, name), parameters));
  const titles = statements.map(({ title }) => title);
  return { titles, found: tables.map((name) => ({ table: name, micros: times.get(name)!.map(median) })) };
}

const nameOf = (parts: number) => `customer_list_parts_${parts}`;
const onTable = (text: string, name: string) => text.replace(/\bcustomer_list\b(?!\.)/g, name);

/** The statements of a page by cursor, of filters that are walked, and of filters found in the inverted index. */
async function statementsToAsk(sql: Sql) {
  const reader = await openedReader(sql);
  const [row] = await sql<{ id: number; created: string; name: string; city: string; phone: string }[]>`
    select id, created, last_name as name, city, substr(phone_number, 4, 6) as phone from customer_list
    where city is not null and phone_number is not null order by created desc
    offset least(10000, (select count(*) / 4 from customer_list)) limit 1`;
  if (!row)
    throw new Stop('Too few customers have a city and a phone number: choose more customers or other data.');
  const { id, created, name, city, phone } = row;
  const cursor = cursorsOf(listPath).behind([created], id);
  const requests = {
    'a page by cursor': `cursor=${cursor}`,
    'last name, newest first': `last_name=${encodeURIComponent(name)}`,
    'city by points': `city=${encodeURIComponent(city)}&sort_by=points`,
    'part of a phone number': `phone_number=${encodeURIComponent(phone)}`,
  };
  const all = Object.entries(requests).map(async ([title, query]) => {
    const [first] = await statementsOf(sql, reader, `${listPath}?${query}`);
    return { ...first!, title: `${title} (${first!.title})` };
  });
  return Promise.all(all);
}

/** Copies the read model with its indexes into partitions. */
async function copyInto(sql: Sql, parts: number): Promise<void> {
  const name = nameOf(parts);
  await sql.unsafe(`create table ${name} (like customer_list including storage) partition by hash (id)`);
  for (let part = 0; part < parts; part++)
    await sql.unsafe(
      `create table ${name}_${part} partition of ${name} for values with (modulus ${parts}, remainder ${part})`,
    );
  await sql.unsafe(`insert into ${name} select * from customer_list order by created desc`);
  const indexes = await sql<{ indexdef: string }[]>`
    select indexdef from pg_indexes where tablename = 'customer_list'
      and indexname::text = any(${copied.map((index) => `customer_list_${index}`)}::text[])`;
  for (const { indexdef } of indexes)
    await sql.unsafe(
      indexdef
        .replace(/INDEX \S+ ON (public\.)?customer_list /, `INDEX ON ${name} `)
        .replace(/ WITH \(gin_pending_list_limit=[^)]*\)/, ''),
    );
  await sql.unsafe(`vacuum analyze ${name}`);
}

/** µs that a prepared statement takes on one connection, driver included. */
async function micros(sql: Sql, text: string, parameters: unknown[]): Promise<number> {
  const ask = () => sql.unsafe(text, parameters as never[], { prepare: true });
  for (let i = 0; i < 10; i++) await ask();
  const began = performance.now();
  for (let i = 0; i < repetitions; i++) await ask();
  return (1000 * (performance.now() - began)) / repetitions;
}

if (import.meta.main) await run(program);
