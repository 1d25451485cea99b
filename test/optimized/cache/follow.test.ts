import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type Follower, follow, followerName } from '../../../src/optimized/cache/follow.ts';
import { type ChangeLog, createLog } from '../../../src/optimized/cache/log.ts';
import { readSnapshot, sees, seesAll, seesBefore } from '../../../src/optimized/cache/snapshot.ts';
import { customers } from '../../../src/optimized/columns.ts';
import type { Sql } from '../../../src/server/database.ts';
import { within } from '../../cluster.ts';
import { insertPeople } from '../../contract/people.ts';
import { type Room, withRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { changesIn, written } from './row.ts';

setDefaultTimeout(60_000);

test('a snapshot has seen the transactions that had ended when it was taken', () => {
  const snapshot = readSnapshot('5:10:5,7');
  expect([4, 5, 6, 7, 9, 10].map((xid) => sees(snapshot, xid))).toEqual([
    true,
    false,
    true,
    false,
    true,
    false,
  ]);
  expect(sees(readSnapshot('10:10:'), 9)).toBeTrue();
  const later = ['10:12:', '7:10:7', '5:11:5,10'].map(readSnapshot);
  expect(later.map((each) => seesAll(each, snapshot))).toEqual([true, true, true]);
  const notLater = ['5:9:5,7', '6:10:6', '5:10:5,7,8'].map(readSnapshot);
  expect(notLater.map((each) => seesAll(each, snapshot))).toEqual([false, false, false]);
  expect([5, 6, 10].map((xid) => seesBefore(snapshot, xid))).toEqual([true, false, false]);
});

describe('the log of changes', () => {
  const change = (id: number) => changesIn(JSON.stringify([[id, id, [written(1), written(1)]]]));
  const at = (xid: number) => readSnapshot(`${xid}:${xid}:`);

  test('keeps the last changes, and records since when it is complete', () => {
    const log = createLog(100);
    log.forget(at(0));
    for (let id = 0; id < 1000; id++) {
      log.add(change(id), 'here');
      log.add(change(id), 'database'); // reported again
      log.reached(at(id + 1), log.end());
    }
    expect(log.end()).toBe(1000);
    expect(log.start()).toBeWithin(850, 901);
    expect(log.knowsSince(at(log.start()))).toBeTrue();
    expect(log.knowsSince(at(log.start() - 1))).toBeFalse();
    expect(log.find(log.start() - 1, at(990), () => true)).toBe('lost');
    expect(log.find(log.start(), at(990), () => true)).toMatchObject({ change: { id: 990 }, by: 'here' });
    expect(log.find(log.start(), at(1000), () => true)).toBeNull();
  });

  test('keeps changes that a snapshot has not seen when it forgets the rest', () => {
    const log = createLog(100);
    for (const id of [1, 2, 3]) log.add(change(id), 'here');
    log.forget(at(3));
    expect(log.find(log.start(), at(0), () => true)).toMatchObject({ change: { id: 3 } });
  });
});

interface Following {
  room: Room;
  sql: Sql;
  log: ChangeLog;
  follower: Follower;
  /** the xids of the reported changes, in order */
  learned: number[];
}

describe('a follower', () => {
  const following = (work: (parts: Following) => Promise<void>) =>
    withRoom(
      (options) => openOptimized({ ...options, cache: 'off' }),
      { fill: insertPeople },
      async (room) => {
        const log = createLog();
        const learned: number[] = [];
        const add: ChangeLog['add'] = (changes, by) => {
          learned.push(...changes.map(({ xid }) => xid));
          log.add(changes, by);
        };
        const follower = follow(room.sql, customers, { ...log, add });
        await follower.ready;
        try {
          await work({ room, sql: room.sql, log, follower, learned });
        } finally {
          await follower.close();
        }
      },
    );
  const rename = (sql: Sql, id = 1) => sql`update customer set last_name = last_name || 'x' where id = ${id}`;
  const until = async (holds: () => boolean) => {
    for (let i = 0; i < 400 && !holds(); i++) await Bun.sleep(10);
    expect(holds()).toBeTrue();
  };
  const cut = ({ sql }: Following) =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${followerName} and datname = current_database()`;

  test('learns of each change once, in whatever order transactions end', () =>
    following(async ({ sql, room, log, learned }) => {
      const epoch = log.epoch();
      await within(room.name, (slow) =>
        within(room.name, async (slower) => {
          for (const one of [slow, slower]) await one.unsafe('begin').simple();
          await rename(slow, 1);
          await rename(slower, 2);
          for (let i = 0; i < 10; i++) {
            await rename(sql, 3);
            await Bun.sleep(20);
          }
          await until(() => learned.length === 10);
          await slower.unsafe('commit').simple();
          await until(() => learned.length === 11);
          await rename(sql, 3);
          await slow.unsafe('commit').simple();
          await until(() => learned.length === 13);
        }),
      );
      await Bun.sleep(100);
      expect(learned).toHaveLength(13);
      expect(new Set(learned).size).toBe(13);
      expect(log.epoch()).toBe(epoch);
    }));

  test('misses nothing while its connection is cut again and again', () =>
    following(async (parts) => {
      const { sql, learned, log } = parts;
      const epoch = log.epoch();
      for (let i = 0; i < 40; i++) {
        await rename(sql, 1);
        if (i % 5 === 0) await cut(parts);
        await Bun.sleep(10);
      }
      await until(() => new Set(learned).size === 40);
      expect(log.epoch()).toBe(epoch);
    }));

  test('forgets everything if a crash has emptied the tables, or a copy has replaced them', () =>
    following(async ({ sql, log, follower }) => {
      const [was, epoch] = [follower.epoch(), log.epoch()];
      await sql`truncate customer_list_change, customer_list_change_mark`;
      await until(() => log.epoch() > epoch && follower.epoch() !== was);
      await until(() => follower.alive());
    }));

  test('forgets everything if changes were deleted that it had not seen', () =>
    following(async ({ sql, log, learned }) => {
      await rename(sql);
      await until(() => learned.length === 1);
      const epoch = log.epoch();
      // Deleting old changes has no effect.
      await sql`update customer_list_change_mark set taken = taken - interval '2 minutes', upto = pg_snapshot_xmin(pg_current_snapshot())`;
      await sql`select customer_list_tidy_changes()`;
      const [left] =
        await sql`select count(*) as rows, (select deleted > '0' from customer_list_change_mark) as deleted from customer_list_change`;
      expect({ ...left }).toEqual({ rows: 0, deleted: true });
      await Bun.sleep(100);
      expect(log.epoch()).toBe(epoch);
      await sql`update customer_list_change_mark set deleted = '999999999'`;
      await until(() => log.epoch() > epoch);
    }));

  test('reports within a second that it receives nothing, and recovers', () =>
    following(async ({ sql, follower }) => {
      const [row] = await sql<{ pid: number }[]>`
        select pid from pg_stat_activity where application_name = ${followerName} and datname = current_database()`;
      process.kill(row!.pid, 'SIGSTOP');
      try {
        await Bun.sleep(1_050);
        expect(follower.alive()).toBeFalse();
        // It opens another connection, since this one may never answer.
        await until(() => follower.alive());
      } finally {
        process.kill(row!.pid, 'SIGCONT');
      }
    }));
});
