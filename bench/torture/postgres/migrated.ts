import { join } from 'node:path';
import type { Ground } from '../ground.ts';
import type { Fault } from './suffer.ts';

// The read model is rebuilt under load. The migration is killed half-way and resumed later.

function migrate({ environment }: Ground, ...args: string[]) {
  const root = join(import.meta.dir, '../../..');
  const command = [process.execPath, 'src/migrate/main.ts', '--only', 'optimized', ...args];
  const env = { ...process.env, ...environment };
  return Bun.spawn(command, { cwd: root, env, stdout: 'ignore', stderr: 'pipe' });
}

export const migrated: Fault = {
  name: 'a migration killed half-way and resumed',
  unready: true,
  async begin(ground, room) {
    const cut = migrate(ground, '--rebuild');
    const hasRows = async () => {
      const [row] = await ground.sql[room]`
        select not complete and 'rows of the listing' = any(steps) as half from migration.read_model`;
      return row!.half === true;
    };
    while (cut.exitCode === null && !(await hasRows())) await Bun.sleep(5);
    cut.kill('SIGKILL');
    await cut.exited;
  },
  async mend(ground) {
    const rest = migrate(ground);
    if ((await rest.exited) !== 0) throw new Error(await new Response(rest.stderr).text());
  },
};
