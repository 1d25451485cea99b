import { constants, copyFileSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';

const MB = 1024 * 1024;
const GB = 1024 * MB;

/** Resources that PostgreSQL may use. Sizes in bytes; cores is a whole number. */
export interface Machine {
  memory: number;
  cores: number;
  disk: number;
  /** Size of /dev/shm, which parallel workers use; null on systems without one. */
  sharedMemory: number | null;
  /** The file system can copy a file without copying its blocks. */
  clones: boolean;
}

/** Measures the machine, within a container's limits (memory of cgroups v1 and v2, processors of v2). */
export function machine(folder: string): Machine {
  const limit = Math.min(
    cgroup('memory.max') ?? Number.POSITIVE_INFINITY,
    cgroup('memory/memory.limit_in_bytes') ?? Number.POSITIVE_INFINITY,
  );
  const [quota, period] = read('/sys/fs/cgroup/cpu.max').split(' ').map(Number);
  const cores = availableParallelism();
  return {
    memory: Math.min(totalmem(), limit),
    cores: quota && period ? Math.max(1, Math.min(cores, Math.ceil(quota / period))) : cores,
    disk: space(folder)?.free ?? 16 * GB,
    sharedMemory: space('/dev/shm')?.size ?? null,
    clones: canClone(folder),
  };
}

export interface Purpose {
  /** as fast as possible; a crash loses the data */
  throwaway: boolean;
  /** a replica follows, or may: the WAL must contain all that it needs */
  replicated?: boolean;
  /** only for the replica: its connection string to the primary */
  follows?: string;
}

/** The text of postgresql.conf. */
export function postgresSettings(
  port: number,
  { memory, ...rest }: Machine,
  { throwaway, replicated = false, follows }: Purpose,
): string {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    datestyle: 'ISO',
    lc_messages: 'C',
    log_line_prefix: '%m [%p] ',
    shared_preload_libraries: 'pg_stat_statements',
    // JIT compilation costs more than it saves in statements of a few milliseconds, and strikes at random.
    jit: 'off',
    shared_buffers: throwaway ? '256MB' : size(memory / 4, 128 * MB, 8 * GB),
    effective_cache_size: size(memory * 0.65, 256 * MB, 1024 * GB),
    work_mem: size(memory / 256, 4 * MB, 32 * MB),
    maintenance_work_mem: size(memory / 16, 64 * MB, GB),
    huge_pages: 'try',
    random_page_cost: 1.1,
    max_worker_processes: rest.cores + 8,
    max_parallel_workers: Math.max(2, rest.cores),
    max_parallel_workers_per_gather: Math.min(4, Math.max(1, rest.cores)),
    max_parallel_maintenance_workers: Math.min(8, Math.max(2, rest.cores)),
    // Without a replica, an index or table that a transaction makes needs no WAL of its own.
    ...(replicated
      ? { wal_level: 'replica', max_wal_senders: 8, wal_keep_size: size(rest.disk / 16, GB, 4 * GB) }
      : { wal_level: 'minimal', max_wal_senders: 0 }),
    // The first change of a disk block after a checkpoint logs the whole block, some 40 blocks for each new customer.
    // Compressing them took longer than writing them: 500 instead of 750 creates a second.
    wal_compression: 'off',
    max_wal_size: throwaway ? '1GB' : size(rest.disk / 4, GB, 16 * GB),
    checkpoint_timeout: '15min',
    // Copying a database costs nothing if files can share their blocks.
    file_copy_method: rest.clones ? 'clone' : 'copy',
  };
  // Containers have 64 MB there by default: parallel hash joins and index builds would fail.
  if (rest.sharedMemory !== null && rest.sharedMemory < GB) settings.dynamic_shared_memory_type = 'mmap';
  if (throwaway)
    Object.assign(settings, { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' });
  // Without the feedback, a vacuum of the primary would cancel lists on the replica that still see the removed rows.
  if (follows !== undefined)
    Object.assign(settings, { primary_conninfo: follows, hot_standby_feedback: 'on' });
  const quoted = (value: string | number) => `${value}`.replaceAll('\\', '\\\\').replaceAll("'", "''");
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${quoted(value)}'`);
  return `# Rewritten at each start; use "alter system" for your own settings.\n${lines.join('\n')}\n`;
}

/** pg_hba.conf: only loopback, with a password; `all` databases do not include replication. */
export const postgresAccess = (replicated: boolean) =>
  ['all', ...(replicated ? ['replication'] : [])]
    .map((database) => `host ${database} all 127.0.0.1/32 scram-sha-256\n`)
    .join('');

function size(bytes: number, min: number, max: number): string {
  return `${Math.floor(Math.min(max, Math.max(min, bytes)) / MB)}MB`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function cgroup(name: string): number | null {
  return Number(read(`/sys/fs/cgroup/${name}`)) || null; // "max" and no file: no limit
}

function space(folder: string): { free: number; size: number } | null {
  try {
    const { bsize, bavail, blocks } = statfsSync(folder);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch {
    return null;
  }
}

function canClone(folder: string): boolean {
  const [probe, copy] = [join(folder, `.probe-${process.pid}`), join(folder, `.clone-${process.pid}`)];
  try {
    writeFileSync(probe, 'x'.repeat(8192));
    copyFileSync(probe, copy, constants.COPYFILE_FICLONE_FORCE);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { force: true });
    rmSync(copy, { force: true });
  }
}
