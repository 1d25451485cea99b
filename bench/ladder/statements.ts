import { Stop } from '../../src/cli/command.ts';
import { connect, type Parameter, type Run, runner, type Sql } from '../../src/server/database.ts';
import type { Copy } from '../copy.ts';
import { type Latency, measure } from '../latency/measure.ts';
import { type Executed, explain } from './explain.ts';
import type { Work } from './result.ts';
import type { Side, StatementRung, Way } from './rung.ts';
import writeText from './write.sql' with { type: 'text' };

export interface Case {
  name: string;
  parameters: Record<Side, Parameter[]>;
}

/** Everything about one way except its latencies: answers, work, cost of its setup. */
export interface Examined {
  answers: string[];
  works: Work[];
  /** 0, with empty `writes`, if neither way has a setup of its own. */
  diskBytes: number;
  /** Milliseconds. */
  writes: number[];
  planBytes: number;
}

/** Reads the cases of a rung, with values from existing rows. */
export async function readCases(base: Copy, rung: StatementRung): Promise<Case[]> {
  const rows = await onFreshConnection(base, (sql) =>
    sql.unsafe<{ name: string; before: string; after: string }[]>(rung.values),
  );
  if (rows.length === 0) throw new Stop(`bench/ladder/${rung.name}/values.sql returns no case.`);
  return rows.map(({ name, before, after }) => ({
    name,
    parameters: { before: JSON.parse(before), after: JSON.parse(after) },
  }));
}

/** Runs each case once and records how PostgreSQL executes it. */
export function examine(base: Copy, rung: StatementRung, side: Side, cases: Case[]): Promise<Examined> {
  const way = rung.ways[side];
  return standing(base, way, async (sql) => {
    const examined: Examined = { answers: [], works: [], diskBytes: 0, writes: [], planBytes: 0 };
    for (const { parameters } of cases) {
      const executed: Executed[] = [];
      const answer = await way.answer(recording(runOf(sql, way), executed), way.statement, parameters[side]);
      examined.answers.push(textOf(answer));
      examined.works.push(await explain(sql, executed, way.prepare));
    }
    examined.planBytes = await keptPlans(sql);
    if (rung.ways.before.setup.own !== null || rung.ways.after.setup.own !== null) {
      examined.diskBytes = await diskBytes(sql);
      examined.writes = await timeWrites(sql);
    }
    return examined;
  });
}

/** Measures each case for about `budget` milliseconds. `build` is the time of the way's own setup. */
export function clock(
  base: Copy,
  way: Way,
  asked: Parameter[][],
  budget: number,
): Promise<{ build: number; latencies: Latency[] }> {
  return standing(base, way, async (sql, build) => {
    const latencies: Latency[] = [];
    for (const parameters of asked) {
      const run = runOf(sql, way);
      latencies.push(await measure(() => way.answer(run, way.statement, parameters), budget));
    }
    return { build, latencies };
  });
}

async function onFreshConnection<T>({ address, database }: Copy, work: (sql: Sql) => Promise<T>): Promise<T> {
  const sql = connect(address, database, { pool: 1, statementTimeout: 0 });
  try {
    return await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Runs setup and `work` in a transaction that is never committed, so the next way finds the database unchanged. */
function standing<T>(base: Copy, { setup }: Way, work: (sql: Sql, build: number) => Promise<T>): Promise<T> {
  return onFreshConnection(base, async (sql) => {
    await sql.unsafe('begin').simple();
    if (setup.shared) await sql.unsafe(setup.shared).simple();
    const began = performance.now();
    if (setup.own) await sql.unsafe(setup.own).simple();
    const result = await work(sql, setup.own ? performance.now() - began : 0);
    await sql.unsafe('rollback').simple();
    return result;
  });
}

function runOf(sql: Sql, { prepare }: Way): Run {
  const run = runner(sql);
  return Object.assign(((text, parameters) => run(text, parameters, { prepare })) as Run, { count: 0 });
}

function recording(run: Run, executed: Executed[]): Run {
  const recorded = ((text, parameters) => {
    executed.push({ text, parameters });
    return run(text, parameters);
  }) as Run;
  return Object.assign(recorded, { count: 0 });
}

const textOf = (answer: unknown) =>
  answer instanceof Uint8Array ? new TextDecoder().decode(answer) : JSON.stringify(answer);

async function diskBytes(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select sum(pg_total_relation_size(oid))::bigint as bytes
    from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  return row!.bytes;
}

/** Memory of the plans that this connection keeps. */
async function keptPlans(sql: Sql): Promise<number> {
  const [row] = await sql<{ bytes: number }[]>`
    select coalesce(sum(total_bytes), 0)::bigint as bytes
    from pg_backend_memory_contexts
    where name like 'CachedPlan%'`;
  return row!.bytes;
}

const tries = 5;

async function timeWrites(sql: Sql): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn <= tries; turn++) {
    await sql.unsafe('savepoint unwritten').simple();
    const began = performance.now();
    await sql.unsafe(writeText).simple();
    times.push(performance.now() - began);
    await sql.unsafe('rollback to savepoint unwritten').simple();
  }
  // In the first one the connection loaded these tables and triggers.
  return times.slice(1);
}
