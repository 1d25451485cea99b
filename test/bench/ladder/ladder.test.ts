import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { climb } from '../../../bench/ladder/climb.ts';
import { explain, type PlanNode } from '../../../bench/ladder/explain.ts';
import { faster, price } from '../../../bench/ladder/figures.ts';
import type { RungResult } from '../../../bench/ladder/result.ts';
import { readRungs, type StatementRung } from '../../../bench/ladder/rung.ts';
import { ladderTable } from '../../../bench/ladder/table.ts';
import type { Stage } from '../../../bench/stage.ts';
import { cluster, environmentOf, seeded, within } from '../../cluster.ts';

setDefaultTimeout(120_000);

const silent = { update() {}, end() {} };

describe('the ladder', () => {
  let stage: Stage;
  let results: RungResult[];
  let drop: () => Promise<unknown>;

  beforeAll(async () => {
    const copies = await seeded(1_000);
    const { services, db } = copies.naive;
    const environment = environmentOf(copies.naive, { LOG_LEVEL: 'warn' });
    stage = { services, db, customers: 1_000, data: 'default', environment };
    drop = () => Promise.all([copies.naive.drop(), copies.optimized.drop()]);
    const rungs = await readRungs();
    const byKind = (kind: 'statements' | 'settings') => rungs.filter((one) => one.kind === kind);
    results = [
      ...(await climb(stage, byKind('statements'), { rounds: 2, budget: 5 }, silent)),
      // Each round of these starts two servers.
      ...(await climb(stage, byKind('settings'), { rounds: 1, budget: 5 }, silent)),
    ];
  }, 300_000);
  afterAll(() => drop?.());

  const rung = (name: string) => results.find((result) => result.name === name)!;
  const first = (name: string) => rung(name).cases[0]!.asked;

  test('measures both ways of every rung in the given number of rounds', async () => {
    // They are measured here kind by kind.
    const { statements = [], settings = [] } = Object.groupBy(await readRungs(), ({ kind }) => kind);
    expect(results.map(({ name }) => name)).toEqual([...statements, ...settings].map(({ name }) => name));
    for (const { cases } of results) {
      expect(cases.length).toBeGreaterThan(0);
      for (const { asked } of cases)
        for (const { rounds } of [asked.before, asked.after]) {
          expect(rounds).toHaveLength(asked.before.work ? 2 : 1);
          for (const { p50 } of rounds) expect(p50).toBeGreaterThan(0);
        }
    }
  });

  test('counts what PostgreSQL did: statements, rows, plans', () => {
    expect(first('01-n-plus-one').before.work!.statements).toBeGreaterThan(20);
    expect(first('01-n-plus-one').after.work!.statements).toBe(1);
    expect(first('04-index').before.work!.rowsRead).toBe(1_000);
    expect(first('04-index').after.work!.rowsRead).toBe(20);
    const offset = rung('03-offset').cases.at(-1)!.asked;
    expect(offset.before.work!.rowsRead).toBeGreaterThan(offset.after.work!.rowsRead);
    expect(JSON.stringify(first('16-keys-first').after.work!.plan)).toContain('Index Only Scan');
    expect(JSON.stringify(first('08-vector-index').after.work!.plan)).toContain('customer_document_idx');
  });

  test('shows a bounded plan where it pays, with few matches far down the list, and where it does not', () => {
    const rowsRead = (name: string) => {
      const { before, after } = rung('09-bounded-plan').cases.find((one) => one.name.startsWith(name))!.asked;
      return [before.work!.rowsRead, after.work!.rowsRead];
    };
    const [few, many] = [rowsRead('few match, far down'), rowsRead('many match, at its beginning')];
    expect(few[0]!).toBeGreaterThan(900);
    expect(few[1]!).toBe(40);
    expect(many[0]!).toBeLessThan(40);
    expect(many[1]!).toBe(1_000);
  });

  test('reports the costs of a way: disk, build time, writes, and memory if plans or answers are kept', () => {
    const index = price(rung('04-index'));
    expect(index.diskBytes).toBeGreaterThan(0);
    expect(index.build).toBeGreaterThan(0);
    expect(index.writes).toBeGreaterThan(0);
    expect(price(rung('02-count'))).toMatchObject({ diskBytes: null, writes: null });
    expect(price(rung('11-prepared')).memoryBytes).toBeGreaterThan(0);
  });

  test('shows all results as a table', () => {
    const text = ladderTable(results);
    for (const { name } of results) expect(text).toContain(name);
    expect(faster(rung('04-index').cases[0]!)).toBeGreaterThan(0);
  });

  test('leaves behind neither a database nor a change', async () => {
    const { admin } = await cluster();
    const left = await admin`select from pg_database where datname = ${`${stage.db}_ladder`}`;
    expect(left).toHaveLength(0);
    await within(`${stage.db}_naive`, async (sql) => {
      const [row] = await sql`select count(*)::integer as customers from customer`;
      expect(row).toEqual({ customers: 1_000 });
    });
  });

  test('stops if the two ways of a rung give different answers', async () => {
    const [rungOf] = (await readRungs()).filter(({ name }) => name === '04-index') as StatementRung[];
    const after = {
      ...rungOf!.ways.after,
      statement: rungOf!.ways.after.statement.replace('limit 20', 'limit 19'),
    };
    const wrong = { ...rungOf!, ways: { ...rungOf!.ways, after } };
    const climbing = climb(stage, [wrong], { rounds: 1, budget: 1 }, silent);
    await expect(climbing).rejects.toThrow('the two ways give different answers');
  });

  test('stops if no customer is found', async () => {
    const [rungOf] = (await readRungs()).filter(({ name }) => name === '04-index') as StatementRung[];
    const none = (side: 'before' | 'after') => ({
      ...rungOf!.ways[side],
      statement: rungOf!.ways[side].statement.replace('limit 20', 'limit 0'),
    });
    const wrong = { ...rungOf!, ways: { before: none('before'), after: none('after') } };
    await expect(climb(stage, [wrong], { rounds: 1, budget: 1 }, silent)).rejects.toThrow(
      'no customer is found',
    );
  });

  test('counts rows removed by a filter as read, and sums the statements of one answer', async () => {
    await within(`${stage.db}_naive`, async (sql) => {
      const text = 'select id from customer where first_name = $1::text order by last_name';
      const executed = { text, parameters: ['Anthony'] };
      const [one, two] = [await explain(sql, [executed]), await explain(sql, [executed, executed])];
      expect(one.rowsRead).toBe(1_000);
      expect(two).toMatchObject({ statements: 2, rowsRead: 2_000 });
      expect(two.blocks).toBeGreaterThan(one.blocks);
      expect(one.memoryBytes).toBeGreaterThan(0);
      expect((one.plan as { Plan: PlanNode }).Plan['Node Type']).toBe('Sort');
    });
  });

  test('shows the generic plan of a prepared statement, and the custom plan of any other', async () => {
    await within(`${stage.db}_naive`, async (sql) => {
      const text = 'select first_name from customer where id = $1::bigint';
      const conditionOf = async (prepared: boolean) => {
        const { plan } = await explain(sql, [{ text, parameters: [7] }], prepared);
        return (plan as { Plan: { 'Index Cond': string } }).Plan['Index Cond'];
      };
      expect(await conditionOf(true)).toContain('$1');
      expect(await conditionOf(false)).toContain("'7'");
    });
  });
});
