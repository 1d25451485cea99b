import { setImmediate } from 'node:timers/promises';
import { runner, type Sql } from '../../server/database.ts';
import rowText from '../../sql/listing/row.sql' with { type: 'text' };
import sampleText from '../../sql/listing/sample.sql' with { type: 'text' };
import { cut } from './json.ts';
import type { Listing, Row } from './listing.ts';
import { paths } from './paths.ts';
import { openQueue } from './queue.ts';
import type { Reader } from './read.ts';
import { openRepeats } from './repeats.ts';
import { valuesOf } from './rows.ts';
import { type Drawn, type Sample, sampleOf } from './sample.ts';
import { readShardRow } from './shards.ts';
import { name, template } from './sql.ts';

// Opens what lists are read with, and reads the sample of a listing.

/** Rows of the sample: enough to show a selectivity of a thousandth, few enough to be evaluated for each request. */
const sampleSize = 4096;
/** Rows of the sample after which other requests get their turn: all of them take 80 ms. */
const atOnce = 256;
/** ms between two samples; the nature of the data changes slowly. */
const interval = 600_000;
/** ms between two attempts to read the first sample. */
const retryInterval = 1000;
/** Used until the first sample is read: a list is expected to match at once. */
const unknown = sampleOf(1_000_000, []);

const sampleTemplate = template(sampleText, 'list', 'row');
const rowTemplate = template(rowText, 'list', 'row');

export interface OpenReader extends Reader {
  /** resolves after the first attempt to read a sample, even if it failed */
  ready: Promise<void>;
  close(): void;
}

/** A reader without a sample and measurements of the rows. */
export const newReader = (listing: Listing, render: Reader['render'], queue = openQueue(0)): Reader => ({
  ...{ listing, render, matching: {}, zoned: {}, choose: paths },
  ...{ sample: () => unknown, queue, repeats: openRepeats(), distributed: false },
});

/**
 * Opens a reader on a database that holds the listing. A sample of its rows is read in the background, and retried until there
 * is one: without it a list would walk to the end of its order.
 *
 * @param limit ms that slow statements may be expected to take; 0 for no limit
 * @param distributed by Citus: no sample is read, since workers plan by their own statistics
 */
export async function openReader(
  sql: Sql,
  listing: Listing,
  render: Reader['render'],
  limit = 0,
  distributed = false,
): Promise<OpenReader> {
  let sample: Sample = unknown;
  let timer: Timer | undefined;
  let closed = false;
  const measured = await readMeasured(sql, listing);
  const refresh = async () => {
    sample = (await readSample(sql, listing).catch(() => null)) ?? sample;
    if (closed) return;
    timer = setTimeout(refresh, sample === unknown ? retryInterval : interval);
    timer.unref();
  };
  const close = () => {
    closed = true;
    clearTimeout(timer);
  };
  const { admission } = sql;
  const queue = openQueue(limit, {
    wait: () => (admission?.waiting() ?? 0) > 0,
    crowd: () => admission?.crowded() ?? false,
  });
  const reader = { ...newReader(listing, render, queue), ...measured, sample: () => sample, distributed };
  return { ...reader, ready: distributed ? Promise.resolve() : refresh(), close };
}

/** What was measured of the columns when the listing was built. */
async function readMeasured(sql: Sql, { table }: Listing): Promise<Pick<Reader, 'matching' | 'zoned'>> {
  const rows = await runner(sql)<{ name: string; matching: 'values' | 'grams' | null; zoned: string[] }>(
    'select name, matching, array_to_json(zoned) as zoned from listing_column where list = $1::text',
    [table],
  );
  return {
    matching: Object.fromEntries(rows.flatMap(({ name, matching }) => (matching ? [[name, matching]] : []))),
    zoned: Object.fromEntries(rows.flatMap(({ name, zoned }) => (zoned.length > 0 ? [[name, zoned]] : []))),
  };
}

/** Reads a sample of the rows of a listing; null if the table is empty. */
export async function readSample(sql: Sql, listing: Listing): Promise<Sample | null> {
  const text = sampleTemplate({ list: name(listing.table), row: listing.row });
  const [row] = await runner(sql)<{ total: number; blocks: number; lines: string | null }>(text, [
    sampleSize,
  ]);
  const { total, blocks, lines } = row!;
  if (lines === null) return null;
  const rows: Drawn[] = [];
  for (const line of lines.split('\n')) {
    const [texts, words, block] = JSON.parse(line) as [Row, string[], number];
    rows.push({ values: valuesOf(listing, texts), words, block });
    if (rows.length % atOnce === 0) await setImmediate();
  }
  return sampleOf(total, rows, await readDistinct(sql, listing, total), blocks || undefined);
}

/** About how many different values each column has, from PostgreSQL's last ANALYZE. */
async function readDistinct(
  sql: Sql,
  { table, columns }: Listing,
  total: number,
): Promise<Sample['distinct']> {
  // A negative n_distinct is a share of the rows (https://www.postgresql.org/docs/current/view-pg-stats.html). For very many values it
  // is far too low; the column's share of the dictionary is then closer.
  const found = await runner(sql)<{ name: string; distinct: number }>(
    `with kept as (
       select unnest(most_common_vals::text::text[]) as name,
         unnest(most_common_freqs) * (select reltuples from pg_class where oid = to_regclass($1::text || '_value')) as values
       from pg_stats
       where schemaname = current_schema() and tablename = $1::text || '_value' and attname = 'column_name'
     )
     select attname::text as name,
       greatest(case when n_distinct < 0 then -n_distinct * $2::float8 else n_distinct end, kept.values)::float8 as distinct
     from pg_stats left join kept on kept.name = attname
     where schemaname = current_schema() and tablename = $1::text`,
    [table, total],
  );
  const byName = new Map(found.map(({ name, distinct }) => [name, distinct]));
  return new Map(
    columns.flatMap(({ name, at }) => {
      const distinct = byName.get(name);
      return distinct === undefined ? [] : [[at, distinct]];
    }),
  );
}

/** Reads one row as JSON text, null if there is none with this id, and the snapshot in which it was read. */
export async function readOne(
  run: ReturnType<typeof runner>,
  { listing, render, distributed }: Pick<Reader, 'listing' | 'render' | 'distributed'>,
  id: string,
): Promise<{ text: string | null; snapshot: string }> {
  if (distributed) {
    const row = await readShardRow(run, listing, id);
    return { text: row && render(row), snapshot: '' };
  }
  const text = rowTemplate({ list: name(listing.table), row: listing.row });
  const [found] = await run<{ body: string | null; snapshot: string }>(text, [id]);
  const { body, snapshot } = found!;
  return { text: body === null ? null : render(cut(body)[0]!), snapshot };
}
