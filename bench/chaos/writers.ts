import type { Sql } from '../../src/server/database.ts';
import { type Random, random } from '../generate/random.ts';
import type { RunningServer } from '../servers.ts';
import { ask, type Ground, list } from './ground.ts';
import { createHistory, type History, type State } from './history.ts';

// Registers and their writers. Each register is a separate city with up to eight customers, changed by one writer.

export interface Register {
  city: string;
  /** null: written by SQL from outside */
  server: (() => RunningServer) | null;
  history: History;
  /** `customer_id` → id of the existing customers */
  ids: Map<string, number>;
  writes: number;
}

const mostCustomers = 8;
let registers = 0;

/** An empty register. Its name is one word of letters, so that a search finds it too. */
export function createRegister(server: Register['server']): Register {
  const letters = [...String(++registers)].map((digit) => 'abcdefghij'[Number(digit)]).join('');
  return { city: `Chaos${letters}z`, server, history: createHistory(), ids: new Map(), writes: 0 };
}

type Write = 'create' | 'rename' | 'move' | 'delete';

const kindOf = (draw: Random, size: number): Write =>
  size < 3 || (size < mostCustomers && draw.chance(0.25))
    ? 'create'
    : draw.weighted([
        [5, 'rename'],
        [3, 'move'],
        [size > 4 ? 3 : 1, 'delete'],
      ]);

interface Planned {
  kind: Write;
  /** customer_id */
  who: string;
  lastName: string;
  points: number;
  next: State;
}

function plan({ city, history, writes }: Register, draw: Random): Planned {
  const now = history.now();
  const kind = kindOf(draw, now.size);
  const who = kind === 'create' ? `${city}-${writes}` : draw.pick([...now.keys()]);
  const lastName = `Write ${writes}`;
  const next = new Map(now);
  if (kind === 'delete') next.delete(who);
  else next.set(who, lastName);
  return { kind, who, lastName, points: draw.int(0, 9999), next };
}

/** Writes until `until` returns true, about one write every `pause` ms. Calls `then` after each write. */
export async function writing(
  ground: Ground,
  register: Register,
  until: () => boolean,
  pause: number,
  then: (acked: number) => Promise<void> = async () => {},
): Promise<void> {
  const draw = random(ground.seed + Number(Bun.hash(register.city)));
  let due = performance.now();
  while (!until()) {
    register.writes += 1;
    const planned = plan(register, draw);
    if (register.server) await byServer(ground, register, register.server(), planned);
    else await bySql(ground, register, planned, draw);
    await then(performance.now());
    due = Math.max(due + pause * (0.5 + draw.float()), performance.now() - 5 * pause);
    await Bun.sleep(Math.max(0, due - performance.now()));
  }
}

const json = { 'content-type': 'application/json' };

async function byServer(
  ground: Ground,
  register: Register,
  server: RunningServer,
  planned: Planned,
): Promise<void> {
  const { kind, who, lastName, points, next } = planned;
  const write = register.history.begin(next);
  const body = { last_name: lastName, relationship: { points } };
  const address = { country: 'Chaosland', city: register.city, city_code: '12345' };
  const path = kind === 'create' ? list : `${list}/${register.ids.get(who)}`;
  const method = { create: 'POST', rename: 'PATCH', move: 'PATCH', delete: 'DELETE' }[kind];
  const created = { first_name: 'Chaos', customer_id: who, address, ...body };
  const sent = kind === 'create' ? created : kind === 'rename' ? { last_name: lastName } : body;
  const { status, text } = await ask(server, path, {
    method,
    headers: json,
    body: kind === 'delete' ? undefined : JSON.stringify(sent),
  });
  if (status >= 200 && status < 300) write.acked(server.base);
  else if (await wasDone(ground.sql, planned)) write.acked(null);
  else {
    write.failed();
    // Status 0 is expected of a server that was killed.
    if (status !== 0) ground.findings.violation(8, `${method} ${path}: ${status} ${text.slice(0, 100)}`);
    return;
  }
  if (kind === 'create') register.ids.set(who, await idOf(ground.sql, who));
  if (kind === 'delete') register.ids.delete(who);
}

const idOf = async (sql: Sql, who: string): Promise<number> =>
  (await sql<{ id: number }[]>`select id from customer where customer_id = ${who}`)[0]!.id;

/** Whether a write without an answer was committed. Once its row can be locked, its transaction has ended. */
async function wasDone(sql: Sql, { kind, who, lastName }: Planned): Promise<boolean> {
  await Bun.sleep(500);
  const [row] = await sql<
    { last_name: string }[]
  >`select last_name from customer where customer_id = ${who} for update`;
  return kind === 'delete' ? row === undefined : row?.last_name === lastName;
}

/** Writes by SQL to the base tables, in a transaction that stays open for a while and is sometimes rolled back. */
async function bySql(
  { sql, findings }: Ground,
  register: Register,
  planned: Planned,
  draw: Random,
): Promise<void> {
  const { kind, who, lastName, points, next } = planned;
  const id = register.ids.get(who) ?? 0;
  const change = async (run: Sql) => {
    if (kind === 'create') {
      const [row] = await run<{ id: number }[]>`
        with home as (
          insert into address (country, city, city_code) values ('Chaosland', ${register.city}, '12345') returning id
        )
        insert into customer (first_name, last_name, customer_id, address_id)
        select 'Chaos', ${lastName}, ${who}, id from home returning id`;
      register.ids.set(who, row!.id);
      await run`insert into customer_relationship (customer_ref, points) values (${row!.id}, ${points})`;
    } else if (kind === 'delete') await run`delete from customer where id = ${id}`;
    else {
      await run`update customer_relationship set points = ${points} where customer_ref = ${id}`;
      await run`update customer set last_name = ${lastName} where id = ${id}`;
    }
    await Bun.sleep(draw.int(0, 30));
  };
  if (draw.chance(0.2)) {
    findings.fault(4);
    const undone = new Error('rolled back');
    await sql
      .begin(async (run) => {
        await change(run as unknown as Sql);
        throw undone;
      })
      .catch((error) => {
        if (error !== undone) throw error;
      });
    if (kind === 'create') register.ids.delete(who);
    return;
  }
  let write: ReturnType<History['begin']> | undefined;
  await sql.begin(async (run) => {
    await change(run as unknown as Sql);
    write = register.history.begin(next);
  });
  write!.acked(null);
  if (kind === 'delete') register.ids.delete(who);
  findings.operation(4);
}
