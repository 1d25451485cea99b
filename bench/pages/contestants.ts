import { Stop } from '../../src/cli/command.ts';
import type { Sql } from '../../src/server/database.ts';
import { type Call, call } from '../client/wire.ts';
import { mixedRequests } from '../generate/mixed.ts';
import { get } from '../latency/measure.ts';
import { usageOf } from '../processes.ts';
import { listPath } from '../requests.ts';
import { startServer } from '../servers.ts';
import { cursorAt, deepRow, everyPage, follow } from '../shapes/deep.ts';
import type { Stage } from '../stage.ts';
import { type Row, readVocabulary } from '../vocabulary.ts';
import { startGo } from './go.ts';

/** A server and its requests. */
export interface Contestant {
  name: string;
  base: string;
  calls: Call[];
  /** No call is sent twice. */
  once?: boolean;
  /** Seconds of processor time that the server has used; null if the system does not report it. */
  cpuSeconds: () => number | null;
}

export interface Contest {
  contestants: Contestant[];
  /** The body of the cached page, which the bare server sends. */
  cachedBody: string;
  stop: () => Promise<void>;
}

/** Pages of twenty that are requested in turn, so that no page stays in a cache. */
const pages = 300;
/** Pages that are requested once: a round that runs out of them ends early. */
const misses = 200_000;

/** Starts every contestant except the bare server. `go` is the path of the Go server; null without one. */
export async function openContest(stage: Stage, sql: Sql, go: string | null): Promise<Contest> {
  const environment = { ...stage.environment, CACHE: 'off' };
  const [plain, one, cached, shared, missing] = await Promise.all([
    startServer('optimized', environment),
    startServer('optimized', environment, 'bench/pages/select-one.ts'),
    startServer('optimized', { ...stage.environment, CACHE: 'full' }),
    startServer('optimized', { ...stage.environment, CACHE: 'redis' }),
    // After listening for one lifetime of entries, a server looks up in Redis only entries that were announced.
    startServer('optimized', { ...stage.environment, CACHE: 'full', CACHE_TIMEOUT: '1' }),
    Bun.sleep(3000),
  ]);
  const keyset = (await follow(plain.base, listPath, 'next', pages)).slice(1);
  if (keyset.length === 0) throw new Stop('There are too few customers for a second page.');
  const mixed = mixedRequests(1, await readVocabulary(plain.base), pages).map(({ path }) => path);
  const every = await everyPage(sql, misses);
  const deep = await cursorAt(plain.base, sql, { sort_by: 'created' }, deepRow(stage.customers));
  const serving = (name: string, { base, usage }: typeof plain, paths: string[]): Contestant => ({
    ...{ name, base, calls: paths.map((path) => call(path)) },
    cpuSeconds: () => usage()?.cpuSeconds ?? null,
  });
  const contestants = [
    serving('select 1', one, ['/one']),
    serving('page by keyset', plain, keyset),
    serving('first page', plain, [listPath]),
    serving('deep page', plain, [deep]),
    serving('cached page', cached, [listPath]),
    { ...serving('missed page', missing, every), once: true },
    { ...serving('never cached', plain, every), once: true },
    serving('mixed shapes', plain, mixed),
  ];
  if (stage.services.redis) {
    contestants.push(
      serving('keyset from Redis', shared, keyset),
      serving('mixed from Redis', shared, mixed),
    );
  }
  const running = go === null ? null : await startGo(go, stage);
  if (running) {
    const positions = await placesBehind(plain.base, keyset);
    const cpuSeconds = () => usageOf(running.child.pid)?.cpuSeconds ?? null;
    const paths = positions.map((place) => `/rows?${place}`);
    await sameRows(plain.base + keyset[0]!, running.base + paths[0]!);
    const calls = paths.map((to) => call(to));
    contestants.push({ name: 'Go, rows to JSON', base: running.base, calls, cpuSeconds });
  }
  return {
    contestants,
    cachedBody: new TextDecoder().decode(await get(cached.base + listPath)),
    stop: async () => {
      const servers = [plain, one, cached, shared, missing];
      await Promise.all([...servers.map((server) => server.stop()), running?.child.stop()]);
    },
  };
}

interface Page {
  results: Row[];
}
const read = async (url: string) => JSON.parse(new TextDecoder().decode(await get(url))) as Page;

/** The position after which each page begins, as the Go server's query: the previous page's last customer. */
async function placesBehind(base: string, paths: string[]): Promise<string[]> {
  const places: string[] = [];
  for (const path of [listPath, ...paths.slice(0, -1)]) {
    const { created, id } = (await read(base + path)).results.at(-1)!;
    places.push(`created=${encodeURIComponent(created)}&id=${id}`);
  }
  return places;
}

/** Throws Stop if the two servers answer with different rows. */
async function sameRows(url: string, other: string): Promise<void> {
  const [ours, theirs] = await Promise.all([read(url), read(other)]);
  if (!Bun.deepEquals(ours.results, theirs.results))
    throw new Stop(`${other} returns other customers than ${url}, so nothing was compared.`);
}
