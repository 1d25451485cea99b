import { alongside, runner, type Sql, silent, within } from '../../server/database.ts';
import changesText from '../../sql/cache/changes.sql' with { type: 'text' };
import markText from '../../sql/cache/mark.sql' with { type: 'text' };
import type { Listing } from '../listing/listing.ts';
import { name, template } from '../listing/sql.ts';
import { readChanges } from './change.ts';
import type { ChangeLog } from './log.ts';
import { createPositions, type Positions, readPosition } from './positions.ts';
import { readSnapshot, type Snapshot, seesBefore } from './snapshot.ts';

// Polls the database for every committed change that the last snapshot did not see. Other servers announce theirs sooner
// (redis.ts), but they may die before they do, and SQL from outside sends no message.

export interface Follower {
  /** Whether every change that was committed a second ago is known. */
  alive(): boolean;
  /** another text if transaction ids may have been reused; null before the first answer */
  epoch(): string | null;
  /** System and timeline of the server that answered last; null before the first answer. */
  timeline(): string | null;
  /** Waits until every change is known that was committed when a client received this position, or PostgreSQL is silent. */
  reach(position: number): Promise<void>;
  positions: Positions;
  /** resolves after the first answer */
  ready: Promise<void>;
  close(): Promise<void>;
}

const changesTemplate = template(changesText, 'list');
const markTemplate = template(markText, 'list');

/** The application_name of the connection. */
export const followerName = 'customers follower';

/** ms between two polls: a change is known within that time and the time of the answer. */
const interval = 25;
/** ms after the last poll that was answered, until the known changes count as outdated. */
const patience = 1000;
/** The most changes in one answer; if there are more, everything may have changed. */
const most = 2000;

interface Answer {
  epoch: string;
  deleted: number;
  snapshot: string;
  inserted: string;
  flushed: string;
  timeline: string;
  changes: string | null;
}

/** Follows the changes on a connection of its own, so that it never waits for a pooled one. `sql` names the database. */
export function follow(sql: Sql, listing: Listing, log: ChangeLog): Follower {
  const list = name(listing.table);
  const [changesStatement, markStatement] = [changesTemplate({ list }), markTemplate({ list })];
  let own = alongside(sql, followerName);
  let last: { text: string; snapshot: Snapshot; epoch: string; timeline: string } | null = null;
  const positions = createPositions();
  let waiting: (() => void)[] = [];
  let wake = () => {};
  let asked = Number.NEGATIVE_INFINITY;
  let closed = false;
  const { promise: ready, resolve: answered } = Promise.withResolvers<void>();

  async function ask(): Promise<void> {
    const run = runner(own);
    const [began, end] = [performance.now(), log.end()];
    const [answer] = await within(2 * patience, run<Answer>(changesStatement, [last?.text ?? null, most]));
    if (!answer) return void (await within(2 * patience, run(markStatement, [])));
    const snapshot = readSnapshot(answer.snapshot);
    const changes = answer.changes === null ? [] : readChanges(listing, answer.changes);
    const complete =
      last?.epoch === answer.epoch && seesBefore(last.snapshot, answer.deleted) && changes.length < most;
    if (complete) log.add(changes, 'database');
    else log.forget(snapshot);
    log.reached(snapshot, end);
    const { epoch, timeline } = answer;
    if (last?.epoch !== epoch || last.timeline !== timeline) positions.reset();
    positions.answered(
      { inserted: readPosition(answer.inserted)!, flushed: readPosition(answer.flushed)! },
      began,
    );
    last = { text: answer.snapshot, snapshot, epoch, timeline };
    asked = began;
    answered();
  }

  /** Polls, and resolves the calls of `reach` that began to wait before the poll. */
  async function tell(): Promise<void> {
    const told = waiting;
    waiting = [];
    const before = asked;
    try {
      await ask();
    } finally {
      if (asked === before) waiting.push(...told);
      else for (const done of told) done();
    }
  }

  async function go(): Promise<void> {
    while (!closed) {
      try {
        await tell();
        if (waiting.length === 0) await Promise.race([Bun.sleep(interval), woken()]);
      } catch (error) {
        if (closed) return;
        if (error === silent) own = renewed(own, sql);
        await Bun.sleep(4 * interval);
      }
    }
  }
  const woken = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const gone = go();
  const alive = () => performance.now() - asked < patience;

  return {
    alive,
    positions,
    timeline: () => last?.timeline ?? null,
    async reach(position) {
      if (positions.covers(position) || !alive()) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(() => {
        positions.confirm(position);
        resolve();
      });
      wake();
      // If no poll is answered for that long, `alive` is false.
      await Promise.race([promise, Bun.sleep(patience)]);
    },
    epoch: () => last?.epoch ?? null,
    ready,
    async close() {
      closed = true;
      await own.end({ timeout: 1 });
      await gone;
    },
  };
}

// A connection whose other end is gone stays silent forever.
function renewed(own: Sql, sql: Sql): Sql {
  own.end({ timeout: 0 }).catch(() => {});
  return alongside(sql, followerName);
}
