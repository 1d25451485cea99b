import type { Change } from './change.ts';
import type { About, Concerns } from './concerns.ts';
import type { Follower } from './follow.ts';
import { createLocal } from './local.ts';
import type { ChangeLog } from './log.ts';
import type { Remote } from './redis.ts';
import { onStandby, readSnapshot, type Snapshot } from './snapshot.ts';
import { createTally, type Tally } from './tally.ts';

// Two layers before the database: texts in this process, then Redis, which all server processes share. Knows neither
// HTTP nor SQL. Nothing is cleared at a write. An entry carries the snapshot it was read in, and the reader that finds it asks
// whether a change that this snapshot did not see concerns it. So it makes no difference who stored it where and when,
// and a page that was read before a write is never taken for one that was read after it.

export type Source = 'local' | 'redis' | 'joined' | 'origin' | 'off';

/** What was read from the database: a text, the snapshot of the statement that read it first, and what it is about. */
export interface Reading {
  text: string;
  snapshot: string;
  about: About;
  /** where it was read on a standby: the place in the primary's log that this had replayed by then */
  replayed?: number | null;
}

/** Reads it, on the `primary` where a standby is not good enough. */
export type Load = (unwanted?: AbortSignal, primary?: boolean) => Promise<Reading>;

/** How a text looks under one of its names. */
export interface Form {
  bytes: Buffer<ArrayBuffer>;
  etag: string;
}

export interface Cache {
  /**
   * The text for `key`, from the nearest layer that has it; `load` reads it where none has, once for all who wait, and is
   * told when none of them waits any more. `client` says when this one is gone. `apart`: it must see more than others who wait.
   */
  get(
    key: string,
    load: Load,
    client?: AbortSignal,
    apart?: boolean,
  ): Promise<{ text: string; from: Source }>;
  /** The text that was given this name, if it is in this process and holds. */
  named(name: string): Form | null;
  /** Gives a text of this process another name. */
  name(name: string, key: string, form: Form): void;
  /** To be called after a write is committed and before it is acknowledged, with the changes that it made. */
  changed(changes: string): void;
  entries(): { count: number; bytes: number };
  tally: Tally;
}

export interface CacheParts {
  mode: 'full' | 'redis' | 'off';
  log: ChangeLog;
  concerns: Concerns;
  /** reads what the database says of changes */
  readChanges: (text: string) => Change[];
  /** null: changes are not followed, and nothing is kept */
  follower: Pick<Follower, 'alive' | 'epoch'> | null;
  /** what a standby must have replayed to be relied on while changes are not followed */
  known?: () => number;
  /** null: no Redis */
  remote: Remote | null;
  /** how long an entry is used at most, in seconds */
  timeout: number;
  /** the most that the local layer holds */
  maxBytes?: number;
}

/** An entry is used for `timeout` seconds, give or take a tenth. */
export const longest = 1.1;

interface Entry extends Reading {
  seen: Snapshot;
  /** Date.now() when it was read */
  read: number;
  /** after so many ms since then it is not used any more, and a little before it is read anew */
  lasts: number;
  /** the changes before this place in the log do not concern it */
  checked: number;
  epoch: number;
  renewing: boolean;
  /** whether Redis has it, or was told to keep it */
  shared: boolean;
}

interface Flight {
  begun: number;
  entry: Promise<Entry>;
  /** how many wait for it */
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
  const flights = new Map<string, Flight>();
  const tally = createTally();
  remote?.onMessage((changes) => log.add(readChanges(changes), 'server'));

  // Without news no entry can be checked.
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

  /** Reads it once; null where a standby shows what is known to be outdated, or may be. */
  async function attempt(load: Load, unwanted?: AbortSignal, primary = false): Promise<Entry | null> {
    const [checked, epoch] = [log.end(), log.epoch()];
    const { text, snapshot: seenThere, about, replayed = null } = await load(unwanted, primary);
    const standby = replayed !== null && !primary;
    const snapshot = standby ? onStandby(seenThere) : seenThere;
    const seen = readSnapshot(snapshot);
    if (standby && !isCurrent(seen, about, epoch, replayed)) return null;
    // So that what was stored at the same time does not expire at the same time.
    const lasts = timeout * 1000 * (longest - 0.2 * Math.random());
    // What was read while changes were not followed is compared with none, and kept nowhere.
    const place = standby
      ? { checked: log.end(), epoch: follower?.alive() ? epoch : Number.NaN }
      : { checked, epoch };
    return { text, snapshot, about, seen, read: Date.now(), lasts, ...place, renewing: false, shared: false };
  }

  // A statement on the primary has seen everything that was known when it was sent. On a standby it has not, so every change
  // that is known is looked at. What is found in order is no older than what the primary would say.
  function isCurrent(seen: Snapshot, about: About, epoch: number, replayed: number): boolean {
    if (!follower?.alive()) return replayed >= known();
    if (epoch !== log.epoch() || !log.knowsSince(seen)) return false;
    return log.find(log.start(), seen, (change) => concerns(about, change)) === null;
  }

  async function read(key: string, load: Load, unwanted?: AbortSignal): Promise<Entry> {
    const entry = (await attempt(load, unwanted)) ?? (await attempt(load, unwanted, true))!;
    if (informed() && entry.epoch === log.epoch()) {
      // What is asked for once, and maybe never again, is not worth its way to Redis.
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
    flights.set(key, flight);
    wait(key, flight, client);
    return landed.finally(() => end(key, flight));
  }

  function end(key: string, flight: Flight): void {
    if (flights.get(key) === flight) flights.delete(key);
  }

  function wait(key: string, flight: Flight, client?: AbortSignal): void {
    flight.waiting += 1;
    client?.addEventListener('abort', () => {
      if (--flight.waiting > 0) return;
      end(key, flight); // who asks from now on must not get its failure
      flight.unwanted.abort();
    });
  }

  // Who asks late in the life of an entry gets it, and lets it be read anew, before it is missing to a crowd.
  function renew(key: string, entry: Entry, load: Load): void {
    if (entry.renewing || !isDue(entry) || flights.has(key)) return;
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
      for (let flight = flights.get(key); flight && !apart; flight = flights.get(key)) {
        wait(key, flight, client);
        const found = await flight.entry;
        // What was begun before a write must not be shown to who asks after it.
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
