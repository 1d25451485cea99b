import { ensureSeeded } from '../../src/seed/index.ts';
import { noRedis } from '../../src/server/config.ts';
import { connect, type Sql } from '../../src/server/database.ts';
import { type Room, type RunningServer, rooms, startServer } from '../servers.ts';
import { type OwnPostgres, startOwnPostgres } from './own-postgres.ts';

/** The environment of a run's checks: a separate PostgreSQL with both databases, and the servers that they start. */
export interface Ground {
  postgres: OwnPostgres;
  /** connected directly to each server's database */
  sql: Record<Room, Sql>;
  /** name of databases with few customers: for many requests that need no large table */
  few: string;
  /** the short form: seconds for each check */
  quick: boolean;
  seed: number;
  /** environment variables of a server process */
  environment: Record<string, string>;
  /** Starts a server. It is stopped after the check at the latest. */
  start(room: Room, changes?: Record<string, string>): Promise<RunningServer>;
  /** Stops the servers that a check started. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface GroundOptions {
  customers: number;
  quick: boolean;
  seed: number;
  /** the program of each server; tests use faulty ones */
  programs?: Partial<Record<Room, string>>;
}

const db = 'torture';
const fewCustomers = 2_000;

export async function openGround({ customers, quick, seed, programs = {} }: GroundOptions): Promise<Ground> {
  const postgres = await startOwnPostgres(db);
  const { services } = postgres;
  const { host, port, user, password } = services.postgres;
  await ensureSeeded({ services, db, customers, quiet: true });
  const few = customers > fewCustomers ? `${db}_few` : db;
  if (few !== db) await ensureSeeded({ services, db: few, customers: fewCustomers, quiet: true });
  const sqlOf = (room: Room) => connect(services.postgres, `${db}_${room}`, { pool: 4, statementTimeout: 0 });
  const sql = { naive: sqlOf('naive'), optimized: sqlOf('optimized') };
  const environment = {
    ...{ POSTGRES_HOST: host, POSTGRES_PORT: `${port}`, POSTGRES_USER: user, POSTGRES_PASSWORD: password },
    ...{ POSTGRES_DB: db, REDIS_URL: noRedis, API_TOKEN: '', LOG_LEVEL: 'error' },
  };
  const servers: RunningServer[] = [];
  const clear = async () => {
    for (const server of servers.splice(0)) await server.stop();
  };
  return {
    ...{ postgres, sql, few, quick, seed, environment, clear },
    async start(room, changes = {}) {
      const server = await startServer(room, { ...environment, ...changes }, programs[room]);
      servers.push(server);
      return server;
    },
    async close() {
      await clear();
      await Promise.all(rooms.map((room) => sql[room].end({ timeout: 1 })));
      await postgres.remove();
    },
  };
}
