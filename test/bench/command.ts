import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Copy, environmentOf } from '../cluster.ts';

/** Runs a benchmark command as a user would, on the databases of a test, and reads the figures it wrote. */
export async function run<Written>(on: Copy, command: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'figures-'));
  const file = join(folder, 'figures.json');
  const child = Bun.spawn([process.execPath, ...command, '--json', file], {
    ...{ cwd: join(import.meta.dir, '../..'), stdout: 'pipe', stderr: 'pipe' },
    env: { ...process.env, ...environmentOf(on) },
  });
  const [code, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  try {
    if (!(await Bun.file(file).exists())) throw new Error(`exit code ${code}: ${out}${err}`);
    return { code, out, figures: (await Bun.file(file).json()) as Written };
  } finally {
    await rm(folder, { recursive: true });
  }
}
