import type { Sql } from '../../src/server/database.ts';
import { type RunningServer, startServer } from '../servers.ts';
import type { Fault } from './faults.ts';
import { createFindings, type Findings } from './findings.ts';
import type { OwnRedis } from './redis.ts';

/** The environment of a run: a filled database, a Redis, and how to start a server. */
export interface Stage {
  /** environment variables of a server process */
  environment: Record<string, string>;
  /** connected directly to the servers' database */
  sql: Sql;
  redis: OwnRedis;
  /** replaces the faults of faults.ts */
  faults?: readonly Fault[];
  /** the program of the servers with a cache; tests use faulty ones */
  program?: string;
}

/** A run: its servers, its state, and its findings. */
export interface Ground extends Stage {
  /** with a cache */
  servers: RunningServer[];
  /** without, to compare with */
  plain: RunningServer;
  findings: Findings;
  seed: number;
  /** since when Redis is down or unresponsive (performance.now()); null while it works */
  redisDown: number | null;
  /** whether to end early, since enough was found */
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

/** An answer and its times (performance.now()). */
export interface Answer {
  status: number;
  /** the Cache-Status header: which layer answered */
  cache: string;
  text: string;
  sent: number;
  answered: number;
}

/** Sends a request. If the connection fails, the status is 0. */
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
