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

/** A server and what it is asked. */
export interface Contestant {
  name: string;
  base: string;
  calls: Call[];
  /** No call is sent a second time. */
  once?: boolean;
  /** Seconds of processor time that the server has used; null where the system does not tell. */
  cpuSeconds: () => number | null;
}

export interface Contest {
  contestants: Contestant[];
  /** An answer of the cached page, for the bare server to send. */
  cachedBody: string;
  stop: () => Promise<void>;
}

/** Pages of twenty that are asked for in turn, so that no page stays in a cache. */
const pages = 300;
/** Pages that are asked for once: a round that finds none left ends early. */
const misses = 200_000;

/** Starts every server that takes part, but the bare one. `go` is the path of the Go server, where there is one. */
export async function openContest(stage: Stage, sql: Sql, go: string | null): Promise<Contest> {
  const environment = { ...stage.environment, CACHE: 'off' };
  const [plain, one, cached, shared, missing] = await Promise.all([
    startServer('optimized', environment),
    startServer('optimized', environment, 'bench/pages/select-one.ts'),
    startServer('optimized', { ...stage.environment, CACHE: 'full' }),
    startServer('optimized', { ...stage.environment, CACHE: 'redis' }),
    // A server that has listened for a lifetime of entries does not ask Redis for what was not announced.
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

/** The place behind which each page begins, as the Go server takes it: the last customer of the page before. */
async function placesBehind(base: string, paths: string[]): Promise<string[]> {
  const places: string[] = [];
  for (const path of [listPath, ...paths.slice(0, -1)]) {
    const { created, id } = (await read(base + path)).results.at(-1)!;
    places.push(`created=${encodeURIComponent(created)}&id=${id}`);
  }
  return places;
}

/** A server that sends other rows is not compared. */
async function sameRows(url: string, other: string): Promise<void> {
  const [ours, theirs] = await Promise.all([read(url), read(other)]);
  if (!Bun.deepEquals(ours.results, theirs.results))
    throw new Stop(`${other} answers other customers than ${url}: nothing was compared.`);
}
