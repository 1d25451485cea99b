import type { Sql } from '../../src/server/database.ts';
import { listPath } from '../requests.ts';
import type { Failures } from '../torture/check.ts';
import { openClient } from './client.ts';

// Users who write and read each write right away. At the end the answers that they got are compared with the tables.

interface Written {
  id: number | null;
  /** the points of the last acknowledged change, and of each later change that was not acknowledged */
  points: number[];
}

export interface Users {
  /** Resolves when the requests in flight are done. */
  end(): Promise<void>;
  /** Compares the answers with the tables. */
  settle(sql: Sql): Promise<void>;
  counts: {
    reads: number;
    writes: number;
    'failed reads': number;
    'failed writes': number;
    wrong: number;
    lost: number;
  };
}

/** Starts `count` concurrent users. */
export function openUsers(base: () => string, count: number, failures: Failures): Users {
  const prefix = `Cluster${Date.now()}`;
  const written = new Map<string, Written>();
  const counts = { reads: 0, writes: 0, 'failed reads': 0, 'failed writes': 0, wrong: 0, lost: 0 };
  let over = false;

  async function use(user: number): Promise<void> {
    const client = openClient(base);

    /** The answer's JSON; null for a refusal or no answer. */
    async function ask(path: string, init?: { method: string; body: object }) {
      const kind = init ? 'writes' : 'reads';
      const answer = await client.send(path, init).catch(() => null);
      const body = answer ? await answer.text().catch(() => null) : null;
      counts[kind] += 1;
      if (answer && body !== null && answer.status < 300) return JSON.parse(body);
      counts[`failed ${kind}`] += 1;
      if (answer) {
        const isProper =
          answer.status === 503 && answer.headers.get('content-type')?.startsWith('application/problem+json');
        failures.expect(
          !!isProper,
          'an answer that is not a 503 in the error format',
          `${path} ${answer.status} ${body}`,
        );
      }
      await Bun.sleep(20);
      return null;
    }

    function judge(seen: boolean, what: string): void {
      if (seen) return;
      counts.wrong += 1;
      failures.add('a user does not see its own write', what);
    }

    for (let n = 0; !over; n++) {
      const last_name = `${prefix}x${user}x${n}`;
      const entry: Written = { id: null, points: [n] };
      written.set(last_name, entry);
      const body = { first_name: 'Cluster', last_name, relationship: { points: n } };
      const created = await ask(listPath, { method: 'POST', body });
      if (!created) continue;
      entry.id = created.id;
      const one = await ask(`${listPath}/${created.id}`);
      if (one) judge(one.last_name === last_name, `${last_name} by id`);
      const newest = await ask(`${listPath}?first_name=cluster&page_size=${20 + count}`);
      if (newest)
        judge(
          newest.results.some(({ id }: { id: number }) => id === created.id),
          `${last_name} among the newest`,
        );
      const points = n + 1_000_000;
      const changed = await ask(`${listPath}/${created.id}`, {
        method: 'PATCH',
        body: { relationship: { points } },
      });
      entry.points = changed ? [points] : [n, points];
      const list = await ask(`${listPath}?last_name=${last_name}&count=exact`);
      if (list && changed)
        judge(list.results[0]?.relationship.points === points, `the points of ${last_name} in a list`);
      await ask(`${listPath}?min_points=${n}&sort_by=points&page_size=5`);
    }
  }

  const all = Promise.all(Array.from({ length: count }, (_, user) => use(user)));
  return {
    counts,
    async end() {
      over = true;
      await all;
    },
    async settle(sql) {
      const rows = await sql<{ name: string; times: number; id: number; points: number | null }[]>`
        select last_name as name, count(*)::int as times, min(customer.id) as id, min(points) as points
        from customer left join customer_relationship on customer_ref = customer.id
        where first_name = 'Cluster' and starts_with(last_name, ${`${prefix}x`}) group by last_name`;
      const there = new Map(rows.map((row) => [row.name, row]));
      for (const [name, { id, points }] of written) {
        const row = there.get(name);
        if (!row && id === null) continue;
        const isThere =
          row?.times === 1 && (id === null || row.id === id) && points.includes(row.points ?? -1);
        if (isThere) continue;
        counts.lost += 1;
        failures.add(
          'a write is lost or duplicated',
          `${name}: ${JSON.stringify(row ?? null)}, not ${points}`,
        );
      }
    },
  };
}
