import type { Change } from './change.ts';
import type { About, Concerns } from './concerns.ts';
import type { Follower } from './follow.ts';
import { createLocal } from './local.ts';
import type { ChangeLog } from './log.ts';
import type { Remote } from './redis.ts';
import { onStandby, readSnapshot, type Snapshot } from './snapshot.ts';
import { createTally, type Tally } from './tally.ts';

// A cache in two layers: texts in this process, then Redis, which all server processes share. It uses neither HTTP nor SQL. A
// write clears nothing. An entry carries the snapshot in which it was read, and the reader that finds it checks whether a change
// that this snapshot did not see affects it. So it makes no difference which process stored it, where and when, and a page that
// was read before a write is never taken for one that was read after it.

export type Source = 'local' | 'redis' | 'joined' | 'origin' | 'off';

/** A text that was read from the database, the snapshot of the first statement for it, and its subject. */
export interface Reading {
  text: string;
  snapshot: string;
  about: About;
  /** if it was read on a standby: the WAL position that this had replayed by then */
  replayed?: number | null;
}

/** Reads it, on the `primary` if a standby is not current enough. */
export type Load = (unwanted?: AbortSignal, primary?: boolean) => Promise<Reading>;

/** The answer with a text under one of its names. */
export interface Form {
  bytes: Buffer<ArrayBuffer>;
  etag: string;
}

export interface Cache {
  /**
   * The text for `key`, from the nearest layer that has it. On a miss `load` reads it once for all waiting requests, and is
   * aborted when none of them waits any more. `client` aborts when this client is gone. `apart`: this request must see more than
   * those that wait, and joins none of them.
   */
  get(
    key: string,
    load: Load,
    client?: AbortSignal,
    apart?: boolean,
  ): Promise<{ text: string; from: Source }>;
  /** The answer under this name, if it is in this process and still valid. */
  named(name: string): Form | null;
  /** Keeps an answer with a text of this process under a name. */
  name(name: string, key: string, form: Form): void;
  /** Must be called after a write is committed and before it is acknowledged, with the changes that it made. */
  changed(changes: string): void;
  entries(): { count: number; bytes: number };
  tally: Tally;
}

export interface CacheParts {
  mode: 'full' | 'redis' | 'off';
  log: ChangeLog;
  concerns: Concerns;
  /** parses changes as the database reports them */
  readChanges: (text: string) => Change[];
  /** null: changes are not followed, and nothing is kept */
  follower: Pick<Follower, 'alive' | 'epoch'> | null;
  /** the WAL position that a standby must have replayed to be reliable while changes are not followed */
  known?: () => number;
  /** null: no Redis */
  remote: Remote | null;
  /** how long an entry is used, in seconds, give or take a tenth */
  timeout: number;
  /** the most bytes in the local layer */
  maxBytes?: number;
}

/** The longest use of an entry, relative to `timeout`. */
export const longest = 1.1;

interface Entry extends Reading {
  seen: Snapshot;
  /** Date.now() when it was read */
  read: number;
  /** ms from then until it expires; shortly before, it is read again */
  lasts: number;
  /** the changes before this place in the log do not affect it */
  checked: number;
  epoch: number;
  renewing: boolean;
  /** whether Redis has it, or was sent it */
  shared: boolean;
}

interface Flight {
  begun: number;
  entry: Promise<Entry>;
  /** how many requests wait for it */
  waiting: number;
  unwanted: AbortController;
}

/** A cache with the layers that `mode` names. */
export function createCache({
  mode,
  log,
  concerns,
  readChanges,
  follower,
  known = () => Number.POSITIVE_INFINITY,
  remote,
  timeout,
  maxBytes = 64 * 2 ** 20,
}: CacheParts): Cache {
  const local = createLocal<Entry, Form>(maxBytes);
  // An object, because the tables of a Map that grew and shrank refer to each other, and keep the texts of ended loads in memory.
  const flights: Record<string, Flight | undefined> = Object.create(null);
  const tally = createTally();
  remote?.onMessage((changes) => log.add(readChanges(changes), 'server'));

  // Unless changes are followed, no entry can be checked.
  const informed = () => mode !== 'off' && follower !== null && follower.alive();
  const usesLocal = () => mode === 'full' && informed() && (remote === null || remote.alive());

  function holds(entry: Entry): boolean {
    if (Date.now() - entry.read > entry.lasts) return tally.dropped('expired');
    if (entry.epoch !== log.epoch()) return tally.dropped('lost');
    const found = log.find(entry.checked, entry.seen, (change: Change) => concerns(entry.about, change));
    if (found === 'lost') return tally.dropped('lost');
    if (found !== null) return tally.dropped(found.change.everything ? 'everything' : found.by);
    entry.checked = log.end();
    return true;
  }

  function atHand(key: string): Entry | null {
    if (!usesLocal()) return null;
    const entry = local.get(key);
    if (entry === undefined) return null;
    if (!holds(entry)) {
      local.delete(key);
      return null;
    }
    share(key, entry);
    return entry;
  }

  async function fetch(
    key: string,
    load: Load,
    unwanted: AbortSignal,
  ): Promise<{ entry: Entry; from: Source }> {
    const shared = await find(key);
    if (shared) {
      if (usesLocal()) local.set(key, shared);
      return { entry: shared, from: 'redis' };
    }
    return { entry: await read(key, load, unwanted), from: 'origin' };
  }

  async function find(key: string): Promise<Entry | null> {
    if (!remote || !informed()) return null;
    const text = await remote.read(sharedKey(key));
    const entry = text === null ? null : unpack(text);
    if (entry === null || !informed()) return null;
    if (!log.knowsSince(entry.seen)) return tally.dropped('lost') || null;
    return holds(entry) ? entry : null;
  }

  /** Reads it once; null if a standby's text is outdated by a known change, or may be. */
  async function attempt(load: Load, unwanted?: AbortSignal, primary = false): Promise<Entry | null> {
    const [checked, epoch] = [log.end(), log.epoch()];
    const { text, snapshot: seenThere, about, replayed = null } = await load(unwanted, primary);
    const standby = replayed !== null && !primary;
    const snapshot = standby ? onStandby(seenThere) : seenThere;
    const seen = readSnapshot(snapshot);
    if (standby && !isCurrent(seen, about, epoch, replayed)) return null;
    // Random, so that entries stored at the same time do not expire at the same time.
    const lasts = timeout * 1000 * (longest - 0.2 * Math.random());
    // A text read while changes were not followed is checked against none, and not kept: NaN equals no epoch.
    const place = standby
      ? { checked: log.end(), epoch: follower?.alive() ? epoch : Number.NaN }
      : { checked, epoch };
    return { text, snapshot, about, seen, read: Date.now(), lasts, ...place, renewing: false, shared: false };
  }

  // A statement on the primary has seen every change that was known when it was sent. One on a standby may not have, so it is
  // checked against every known change. A text that passes is no older than one from the primary.
  function isCurrent(seen: Snapshot, about: About, epoch: number, replayed: number): boolean {
    if (!follower?.alive()) return replayed >= known();
    if (epoch !== log.epoch() || !log.knowsSince(seen)) return false;
    return log.find(log.start(), seen, (change) => concerns(about, change)) === null;
  }

  async function read(key: string, load: Load, unwanted?: AbortSignal): Promise<Entry> {
    const entry = (await attempt(load, unwanted)) ?? (await attempt(load, unwanted, true))!;
    if (informed() && entry.epoch === log.epoch()) {
      // A text requested once, and maybe never again, is not worth a write to Redis.
      if (!usesLocal() || local.set(key, entry)) share(key, entry);
    }
    return entry;
  }

  function share(key: string, entry: Entry): void {
    if (entry.shared || !remote) return;
    entry.shared = true;
    remote.write(sharedKey(key), pack(entry), (entry.read + entry.lasts - Date.now()) / 1000);
  }

  const sharedKey = (key: string) => `${follower?.epoch()} ${key}`;
  const unpack = (text: string): Entry => {
    const end = text.indexOf('\n');
    const { snapshot, about, read, lasts } = JSON.parse(text.slice(0, end)) as Entry;
    const place = {
      seen: readSnapshot(snapshot),
      checked: log.start(),
      epoch: log.epoch(),
      renewing: false,
      shared: true,
    };
    return { text: text.slice(end + 1), snapshot, about, read, lasts, ...place };
  };

  function fly(
    key: string,
    work: (unwanted: AbortSignal) => Promise<{ entry: Entry; from: Source }>,
    client?: AbortSignal,
  ) {
    const unwanted = new AbortController();
    const landed = work(unwanted.signal);
    const flight = { begun: log.end(), entry: landed.then(({ entry }) => entry), waiting: 0, unwanted };
    flight.entry.catch(() => {});
    flights[key] = flight;
    wait(key, flight, client);
    return landed.finally(() => end(key, flight));
  }

  function end(key: string, flight: Flight): void {
    if (flights[key] === flight) delete flights[key];
  }

  function wait(key: string, flight: Flight, client?: AbortSignal): void {
    flight.waiting += 1;
    client?.addEventListener('abort', () => {
      if (--flight.waiting > 0) return;
      end(key, flight); // later requests must not get its failure
      flight.unwanted.abort();
    });
  }

  // A request late in the life of an entry gets it and triggers a new read, before many requests miss it at once.
  function renew(key: string, entry: Entry, load: Load): void {
    if (entry.renewing || !isDue(entry) || flights[key]) return;
    entry.renewing = true;
    fly(key, async (unwanted) => ({ entry: await read(key, load, unwanted), from: 'origin' })).catch(
      () => {},
    );
  }

  return {
    async get(key, load, client, apart = false) {
      if (mode === 'off') return { text: (await read(key, load, client)).text, from: tally.served('off') };
      const entry = atHand(key);
      if (entry) {
        renew(key, entry, load);
        return { text: entry.text, from: tally.served('local') };
      }
      const asked = log.end();
      for (let flight = flights[key]; flight && !apart; flight = flights[key]) {
        wait(key, flight, client);
        const found = await flight.entry;
        // A read that began before a write must not answer a request that came after it.
        if (
          flight.begun >= asked ||
          log.find(flight.begun, found.seen, (change) => concerns(found.about, change)) === null
        )
          return { text: found.text, from: tally.served('joined') };
      }
      const { entry: found, from } = await fly(key, (unwanted) => fetch(key, load, unwanted), client);
      return { text: found.text, from: tally.served(from) };
    },
    named(name) {
      if (!usesLocal()) return null;
      const found = local.named(name);
      if (!found || isDue(found.value)) return null;
      if (!holds(found.value)) {
        local.delete(found.key);
        return null;
      }
      share(found.key, found.value);
      tally.served('local');
      return found.form;
    },
    name: local.name,
    changed(changes) {
      if (follower === null || changes === '[]') return;
      log.add(readChanges(changes), 'here');
      remote?.publish(changes);
    },
    entries: local.entries,
    tally,
  };
}

const isDue = ({ read, lasts }: Entry) => Date.now() - read > 0.9 * lasts;

const pack = ({ text, snapshot, about, read, lasts }: Entry) =>
  `${JSON.stringify({ snapshot, about, read, lasts })}\n${text}`;
