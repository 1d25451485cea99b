import { expect, test } from 'bun:test';
import { join } from 'node:path';

test('the command reports an unusable option on one line', async () => {
  const taken = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
  const cases: [args: string[], says: RegExp][] = [
    [['--port', `${taken.port}`], /another process has it/],
    [['--port', '70000'], /to 65535/],
    [['--customers', 'many'], /--customers many/],
    [['--colour'], /see --help/],
  ];
  for (const [args, says] of cases) {
    const { exitCode, stderr } = Bun.spawnSync([process.execPath, 'lab/main.ts', ...args], {
      cwd: join(import.meta.dir, '../..'),
    });
    expect(stderr.toString().trim()).toMatch(says);
    expect(stderr.toString().trim()).not.toContain('\n');
    expect(exitCode).toBe(1);
  }
  taken.stop();
});
