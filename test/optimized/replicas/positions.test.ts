import { expect, test } from 'bun:test';
import { createPositions, readPosition } from '../../../src/optimized/cache/positions.ts';
import { onStandby, readSnapshot, sees } from '../../../src/optimized/cache/snapshot.ts';
import { positionOf } from '../../../src/optimized/replicas/write-position.ts';

test('a place in the log (WAL) is read as PostgreSQL writes it, and no other text is', () => {
  expect(readPosition('16/B374D848')).toBe(0x16_b374d848);
  expect(readPosition('0/0')).toBe(0);
  for (const text of ['', '/', '16', '16/', 'g/1', '16/B374D848 ', '123456789/0', '1/-1'])
    expect(readPosition(text)).toBeNull();
});

test('a request names a place by header, by cookie, or by both, and the later one counts', () => {
  const named = (headers: Record<string, string>) => positionOf(new Request('http://a/', { headers }));
  expect(named({})).toBe(0);
  expect(named({ 'write-position': '0/10' })).toBe(16);
  expect(named({ cookie: 'a=b; write_position=0/20; c=d' })).toBe(32);
  expect(named({ cookie: 'write_position=0/20', 'write-position': '0/10' })).toBe(32);
  expect(named({ cookie: 'not_write_position=0/20', 'write-position': 'x' })).toBe(0);
});

test('on a standby, no transaction from xmin on counts as seen', () => {
  const seen = readSnapshot(onStandby('100:105:'));
  expect([99, 100, 104].map((xid) => sees(seen, xid))).toEqual([true, false, false]);
});

test('a place is covered once the statement after the one that passed it has answered', () => {
  const positions = createPositions();
  positions.answered({ inserted: 100, flushed: 90 }, 0);
  expect(positions.covers(50)).toBeFalse(); // the first statement may not have seen what was committed meanwhile
  positions.answered({ inserted: 200, flushed: 190 }, 10);
  expect([99, 100, 150].map(positions.covers)).toEqual([true, false, false]);
  positions.confirm(150);
  expect([150, 151, 149].map(positions.covers)).toEqual([true, false, false]);
  positions.reset();
  expect([50, 150].map(positions.covers)).toEqual([false, false]);
});

test('a replica is as far behind as the first place that it has not replayed', () => {
  const positions = createPositions();
  expect(positions.known()).toBe(Number.POSITIVE_INFINITY);
  positions.answered({ inserted: 100, flushed: 100 }, 1000);
  positions.answered({ inserted: 100, flushed: 100 }, 2000);
  positions.answered({ inserted: 200, flushed: 200 }, 3000);
  expect([200, 150, 100, 50].map((replayed) => positions.behind(replayed, 3500))).toEqual([
    0, 500, 500, 2500,
  ]);
  expect(positions.known()).toBe(200);
  positions.wrote(300);
  expect(positions.known()).toBe(300);
});
