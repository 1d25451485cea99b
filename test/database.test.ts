import { describe, expect, test } from 'bun:test';
import { runner } from '../src/server/database.ts';
import { copyOf } from './cluster.ts';
import { useConnection } from './rooms.ts';

describe('a statement that fails after its first rows', () => {
  const sql = useConnection(() => copyOf('naive'));

  test('leaves nothing behind in the rows of the next one on its connection', async () => {
    const run = runner(sql());
    const failing = run('select 1 / (4 - i) as share from generate_series(1, 10) i', []);
    await expect(failing).rejects.toThrow('division by zero');
    const rows = await run<{ i: number }>('select i from generate_series(1, 3) i', []);
    expect(rows.map(({ i }) => i)).toEqual([1, 2, 3]);
    expect(await run('select 1 as one where false', [])).toHaveLength(0);
  });
});
