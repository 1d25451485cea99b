import { expect, test } from 'bun:test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFree } from '../../../src/services/ports.ts';

const root = join(import.meta.dir, '../../..');
const program = `
  import '${root}/bench/children.ts';
  const { startOwnPostgres } = await import('${root}/bench/torture/own-postgres.ts');
  const { dataDir, services } = await startOwnPostgres('interrupted');
  console.log('started ' + JSON.stringify([dataDir, services.postgres.port]));
  await new Promise(() => {});`;

test('a PostgreSQL of a check ends and leaves no files if the command is interrupted', async () => {
  const child = Bun.spawn([process.execPath, '-e', program], { cwd: root, stdout: 'pipe', stderr: 'ignore' });
  let said = '';
  for await (const piece of child.stdout) {
    said += new TextDecoder().decode(piece);
    if (/started .*\n/.test(said)) break;
  }
  const [dataDir, port] = JSON.parse(/started (.*)/.exec(said)![1]!) as [string, number];
  expect([existsSync(dataDir), await isFree(port)]).toEqual([true, false]);
  child.kill('SIGTERM');
  expect(await child.exited).toBe(143);
  for (let tries = 0; !(await isFree(port)) && tries < 50; tries++) await Bun.sleep(20);
  expect([existsSync(dataDir), await isFree(port)]).toEqual([false, true]);
}, 60_000);
