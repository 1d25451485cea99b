import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { createClient } from 'redis';
import packages from '../package.json' with { type: 'json' };
import { connect } from '../src/server/database.ts';
import type { Services } from '../src/services/index.ts';
import type { Machine, Results } from './report/results.ts';
import type { Stage } from './stage.ts';

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryBytes: totalmem(),
  os: `${distribution()} (${type()} ${release()}, ${process.arch})`,
});

function distribution(): string {
  try {
    return /^PRETTY_NAME="?([^"\n]*)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? type();
  } catch {
    return type();
  }
}

/** Versions of the programs in a measurement; null for a missing one. */
export async function versions(services: Services, k6: string | null): Promise<Results['versions']> {
  return {
    bun: Bun.version,
    postgres: await postgresVersion(services),
    redis: services.redis && (await redisVersion(services.redis.url)),
    k6: k6 && (/v\d[\w.-]*/.exec(output([k6, 'version']) ?? '')?.[0] ?? 'unknown'),
  };
}

export const packageVersions = (): Record<string, string> => ({
  ...packages.dependencies,
  mitata: packages.devDependencies.mitata,
});

async function postgresVersion({ postgres }: Services): Promise<string> {
  const sql = connect(postgres, 'postgres', { pool: 1 });
  try {
    const [row] = await sql<{ server_version: string }[]>`show server_version`;
    return row!.server_version;
  } finally {
    await sql.end();
  }
}

/** Size of both databases on disk. */
export async function databaseBytes({ services, db }: Stage): Promise<Results['databases']> {
  const sql = connect(services.postgres, 'postgres', { pool: 1 });
  try {
    const [row] = await sql<{ naive: number; optimized: number }[]>`
      select pg_database_size(${`${db}_naive`}) as naive, pg_database_size(${`${db}_optimized`}) as optimized`;
    return { naive: row!.naive, optimized: row!.optimized };
  } finally {
    await sql.end();
  }
}

async function redisVersion(url: string): Promise<string> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  const info = await client.info('server');
  client.destroy();
  return /^(?:valkey|redis)_version:(\S+)/m.exec(info)?.[1] ?? 'unknown';
}

/** Null outside a git checkout. Files that publishing writes do not count as changes. */
export function commit(): Results['commit'] {
  const id = output(['git', 'rev-parse', 'HEAD']);
  return id === null ? null : { id, changed: changedFiles().length > 0 };
}

/** Written by `publish-results`. All other files count as measured code. */
const published = ['bench/results', 'docs', 'README.md', 'ARCHITECTURE.md'].map(
  (path) => `:(exclude,top)${path}`,
);

/** Files that differ from the commit, including untracked files. */
export const changedFiles = (): string[] =>
  lines(output(['git', 'status', '--porcelain', '--', ':/', ...published])).map((line) => line.slice(3));

/** Whether the measured code is unchanged since a commit; false if the commit is not known here. */
export const sameSince = (id: string): boolean =>
  output(['git', 'diff', '--name-only', id, 'HEAD', '--', ':/', ...published]) === '';

const lines = (text: string | null) => (text ?? '').split('\n').filter(Boolean);

/** Output of a short command; null if it fails or does not exist. */
export function output(command: string[]): string | null {
  try {
    const { success, stdout } = Bun.spawnSync(command, { stdout: 'pipe', stderr: 'ignore' });
    return success ? stdout.toString().trimEnd() : null;
  } catch {
    return null;
  }
}
