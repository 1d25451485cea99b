import { expect, test } from 'bun:test';
import { join } from 'node:path';
import bunfig from '../bunfig.toml';
import { alone } from './alone.ts';
import quick from './quick.toml';

interface Settings {
  test: { root: string; preload: string[]; pathIgnorePatterns?: string[] };
}
const whole: Settings = bunfig;
const { pathIgnorePatterns: leftOut = [], ...rest }: Settings['test'] = (quick as Settings).test;

test('--quick prepares the tests like the whole run', () => {
  expect(rest).toEqual(whole.test);
});

test.each([...alone])('%s, which needs the processors to itself, is left out', (pattern) => {
  expect(leftOut).toContain(pattern);
});

test.each([...leftOut, ...alone])('%s, which is left out of a run, exists', (pattern) => {
  const glob = new Bun.Glob(pattern.endsWith('**') ? `${pattern}/*.test.ts` : pattern);
  expect([...glob.scanSync(join(import.meta.dir, '..'))]).not.toEqual([]);
});
