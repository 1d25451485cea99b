import type { Sql } from '../../../src/server/database.ts';
import { listPath } from '../../requests.ts';
import type { Failures } from '../check.ts';

// Compares acknowledged writes with the tables afterwards.

interface Written {
  /** null if no answer acknowledged the create */
  id: number | null;
  /** the points it may have: of the last acknowledged change, and of each later change that was not acknowledged */
  points: number[];
}

export interface Ledger {
  /** Writes until `over` returns true, one write after the other. */
  write(writer: number, over: () => boolean): Promise<void>;
  /** Reads lists and single customers until `over` returns true. */
  read(over: () => boolean): Promise<void>;
  /** Compares the writes with the tables. */
  settle(sql: Sql): Promise<void>;
  counts: { acknowledged: number; refused: number; reads: number; lost: number };
  /** ms of the slowest refusal */
  slowest(): number;
}

interface Row {
  name: string;
  times: number;
  homes: number;
  id: number;
  points: number | null;
}

const headers = { 'content-type': 'application/json' };
/** ms after which a request counts as never answered. */
const never = 45_000;

export function openLedger(base: string, failures: Failures): Ledger {
  const prefix = `Torture${Date.now()}`;
  const written = new Map<string, Written>();
  const counts = { acknowledged: 0, refused: 0, reads: 0, lost: 0 };
  let slowest = 0;

  /** The answer; null for a refusal or no answer. */
  async function ask(path: string, expected: number, init?: RequestInit): Promise<Response | null> {
    const began = performance.now();
    const answer = await fetch(base + path, { ...init, signal: AbortSignal.timeout(never) }).catch(
      (error: Error) => error,
    );
    const what = `${init?.method ?? 'GET'} ${path.slice(0, 60)}`;
    if (answer instanceof Error) {
      failures.add('no answer', `${what}: ${answer.message}`);
      await Bun.sleep(50);
      return null;
    }
    if (answer.status === expected) return answer;
    const text = await answer.text();
    slowest = Math.max(slowest, performance.now() - began);
    counts.refused += 1;
    const isProper =
      answer.status === 503 &&
      answer.headers.get('content-type') === 'application/problem+json' &&
      Number(answer.headers.get('retry-after')) > 0;
    failures.expect(
      isProper,
      'an answer that is not a 503 in the error format',
      `${what}: ${answer.status} ${text.slice(0, 80)}`,
    );
    await Bun.sleep(20);
    return null;
  }

  const send = (method: string, path: string, expected: number, body: object) =>
    ask(path, expected, { method, headers, body: JSON.stringify(body) });

  return {
    counts,
    slowest: () => slowest,
    async write(writer, over) {
      for (let n = 0; !over(); n++) {
        const name = `${prefix}x${writer}x${n}`;
        const entry: Written = { id: null, points: [n] };
        written.set(name, entry);
        const created = await send('POST', listPath, 201, {
          ...{ first_name: 'Torture', last_name: name, relationship: { points: n } },
          address: { country: 'Torture', city: name, city_code: '1' },
        });
        if (!created) continue;
        counts.acknowledged += 1;
        entry.id = ((await created.json()) as { id: number }).id;
        const points = n + 1_000_000;
        const changed = await send('PATCH', `${listPath}/${entry.id}`, 200, { relationship: { points } });
        entry.points = changed ? [points] : [n, points];
        counts.acknowledged += Number(changed !== null);
      }
    },
    async read(over) {
      for (let n = 0; !over(); n++) {
        const paths = [
          `?city=${prefix}x0x${n % 50}&count=exact`,
          `?max_points=${n}&sort_by=points&count=none`,
          `/${1 + (n % 100)}`,
        ];
        await (await ask(listPath + paths[n % paths.length], 200))?.arrayBuffer();
        counts.reads += 1;
      }
    },
    async settle(sql) {
      const { rows, addresses } = await sql.begin(async (run) => {
        // Without indexes, and with outdated statistics, only hash joins finish in time.
        await run`set local enable_nestloop = off`;
        const rows = await run<Row[]>`
          select last_name as name, count(*)::int as times, count(address.id)::int as homes, min(customer.id) as id,
            min(points) as points
          from customer
            left join address on address.id = customer.address_id
            left join customer_relationship on customer_ref = customer.id
          where first_name = 'Torture' and starts_with(last_name, ${`${prefix}x`}) group by last_name`;
        const [left] = await run<{ addresses: number }[]>`
          select count(*)::int as addresses from address
          where country = 'Torture' and not exists (select from customer where address_id = address.id)`;
        return { rows, addresses: left!.addresses };
      });
      const there = new Map(rows.map((row) => [row.name, row]));
      for (const [name, { id, points }] of written) {
        const row = there.get(name);
        if (!row) {
          if (id === null) continue;
          counts.lost += 1;
          failures.add('an acknowledged write is lost', name);
          continue;
        }
        const has = row.points;
        failures.expect(row.times === 1, 'a write is duplicated', name);
        failures.expect(row.homes === row.times && has !== null, 'a write is incomplete', name);
        failures.expect(id === null || row.id === id, 'a write has a different id', name);
        failures.expect(points.includes(has ?? -1), 'a change is lost', `${name}: ${has}, not ${points}`);
      }
      failures.expect(addresses === 0, `${addresses} addresses without a customer are left`);
    },
  };
}
