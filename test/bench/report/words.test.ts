import { expect, test } from 'bun:test';
import { gain, number, percent, time, times } from '../../../bench/report/words.ts';

test('numbers, times and ratios are formatted', () => {
  expect([0.0912, 4.567, 1234.5, 0].map(number)).toEqual(['0.0912', '4.57', '1\u202f235', '0']);
  expect([0.5, 12_345].map(time)).toEqual(['0.500\u00a0ms', '12.3\u00a0s']);
  expect([1.23, 9.96, 45.6, 1234].map(times)).toEqual(['1.2×', '10×', '46×', '1\u202f234×']);
  expect([0.1, 1, 45].map(gain)).toEqual(['10× slower', '1.0×', '45×']);
  expect([0, 0.001, 0.25].map(percent)).toEqual(['0\u00a0%', '0.10\u00a0%', '25\u00a0%']);
});
