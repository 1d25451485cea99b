import { statfsSync, statSync, writeFileSync } from 'node:fs';
import { chown, cp, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readState } from '../../../src/services/state.ts';
import type { Ground } from '../ground.ts';
import type { Fault } from './suffer.ts';

// The disk of the write-ahead log fills up, which is the worst disk to fill: PostgreSQL stops, and starts again when there
// is space. For this the log moves to a small file system in memory.

/** Bytes in addition to those that the log already uses. */
const free = 48 * 2 ** 20;

const placesOf = ({ postgres }: Ground) => {
  const { data } = readState(postgres.dataDir).place!;
  const disk = join(data, '..', 'small-disk');
  return {
    data,
    log: join(data, 'pg_wal'),
    kept: join(data, 'pg_wal_kept'),
    disk,
    filler: join(disk, 'filler'),
  };
};

const run = (...command: string[]) => {
  const { exitCode, stderr } = Bun.spawnSync(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
};

export const full: Fault = {
  name: 'the disk of the write-ahead log full',
  unready: false,
  missing: () =>
    process.platform === 'linux' && process.getuid?.() === 0
      ? null
      : 'mounting a small file system needs root on Linux',
  async prepare(ground) {
    const { log, kept, disk, data } = placesOf(ground);
    await ground.postgres.stop();
    const used = Number(Bun.spawnSync(['du', '-sb', log]).stdout.toString().split('\t')[0]);
    await mkdir(disk, { recursive: true });
    run('mount', '-t', 'tmpfs', '-o', `size=${used + free}`, 'tmpfs', disk);
    process.on('exit', () => Bun.spawnSync(['umount', '--lazy', disk])); // however this process ends
    const { uid, gid } = statSync(data);
    run('cp', '-a', `${log}/.`, disk);
    await chown(disk, uid, gid);
    await rename(log, kept);
    await symlink(disk, log);
    await ground.postgres.start();
  },
  async begin(ground, room) {
    const { filler, disk } = placesOf(ground);
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(filler, Buffer.alloc(bavail * bsize));
    // Until the existing WAL segments are full, writes would continue.
    const fill = () => ground.sql[room]`select pg_logical_emit_message(true, 'filler', repeat('x', 4000000))`;
    for (let isFull = false; !isFull; )
      isFull = await fill().then(
        () => false,
        () => true,
      );
  },
  async mend(ground) {
    await rm(placesOf(ground).filler);
    await ground.postgres.start();
  },
  async clean(ground) {
    const { log, kept, disk } = placesOf(ground);
    await ground.postgres.stop();
    await rm(log);
    await rm(kept, { recursive: true });
    await cp(disk, log, { recursive: true });
    run('chown', '-R', `--reference=${join(log, '..')}`, log);
    run('umount', disk);
    await rm(disk, { recursive: true });
    await ground.postgres.start();
  },
};
