import type { Sql } from '../../src/server/database.ts';
import { type RunningServer, startServer } from '../servers.ts';
import type { Fault } from './faults.ts';
import { createFindings, type Findings } from './findings.ts';
import type { OwnRedis } from './redis.ts';

/** What a run takes place on: a filled database, a Redis, and how a server is started. */
export interface Stage {
  /** what a server process needs to know */
  environment: Record<string, string>;
  /** straight at the database of the servers */
  sql: Sql;
  redis: OwnRedis;
  /** in the place of those of faults.ts */
  faults?: readonly Fault[];
  /** the program of the servers with a cache; a test has faulty ones */
  program?: string;
}

/** A run: servers, what is being done to them, and what was found. */
export interface Ground extends Stage {
  /** with a cache */
  servers: RunningServer[];
  /** without, to compare with */
  plain: RunningServer;
  findings: Findings;
  seed: number;
  /** since when Redis is away or deaf (performance.now()), null while it works */
  redisDown: number | null;
  /** whether enough was found to end at once */
  enough: () => boolean;
  /** Starts one more server with a cache. */
  start(): Promise<RunningServer>;
}

interface Options {
  count?: number;
  seed?: number;
  enough?: (findings: Findings) => boolean;
}

/** Starts `count` servers with a cache, and one without. */
export async function open(
  stage: Stage,
  { count = 2, seed = 1, enough = () => false }: Options = {},
): Promise<Ground> {
  const { environment, program } = stage;
  const start = () => startServer('optimized', { ...environment, CACHE: 'full' }, program);
  const [plain, ...servers] = await Promise.all([
    startServer('optimized', { ...environment, CACHE: 'off' }),
    ...Array.from({ length: count }, start),
  ]);
  const findings = createFindings();
  return { ...stage, servers, plain, findings, seed, redisDown: null, start, enough: () => enough(findings) };
}

export async function close({ servers, plain }: Ground): Promise<void> {
  await Promise.all([plain, ...servers].map((server) => server.stop()));
}

/** An answer, and how long it took. */
export interface Answer {
  status: number;
  /** the layer it came from, as Cache-Status says */
  cache: string;
  text: string;
  sent: number;
  answered: number;
}

/** Asks a server. What fails on the way has status 0. */
export async function ask(server: RunningServer, path: string, init?: RequestInit): Promise<Answer> {
  const sent = performance.now();
  try {
    const response = await fetch(server.base + path, init);
    const text = await response.text();
    const cache = response.headers.get('cache-status') ?? '';
    return { status: response.status, cache, text, sent, answered: performance.now() };
  } catch {
    return { status: 0, cache: '', text: '', sent, answered: performance.now() };
  }
}

export const list = '/api/v1/customers';
