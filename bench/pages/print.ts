import { short, table } from '../table.ts';
import type { Ratio, Turn } from './ratios.ts';

/** Every contestant with the means of its rounds, and each round's rate. */
export function turnsTable(turns: Turn[]): string {
  const names = [...new Set(turns.map(({ contestant }) => contestant))];
  const rows = names.map((name) => {
    const own = turns.filter(({ contestant }) => contestant === name).sort((a, b) => a.round - b.round);
    const mean = (of: (turn: Turn) => number) =>
      short(own.reduce((sum, one) => sum + of(one), 0) / own.length);
    const rates = own.map(({ rate }) => short(rate)).join('  ');
    return [name, mean(({ p50 }) => p50), mean(({ p99 }) => p99), mean(({ cpu }) => cpu ?? NaN), rates];
  });
  return table([['contestant', 'p50 ms', 'p99 ms', 'server µs', 'requests/s of each round'], ...rows]);
}

/** Every comparison with its goal, and each round's ratio. */
export function ratiosTable(ratios: Ratio[]): string {
  const rows = ratios.map(({ question, ratio, rounds, atLeast, atMost, holds }) => [
    question,
    ratio === null ? '-' : ratio.toFixed(2),
    rounds.map((one) => one.toFixed(2)).join(' '),
    atLeast !== undefined ? `≥ ${short(atLeast)}` : atMost !== undefined ? `≤ ${short(atMost)}` : '',
    ratio === null ? 'not measured' : holds === null ? '' : holds ? 'ok' : 'NO',
  ]);
  return table([['ratio', 'median', 'rounds', 'goal', ''], ...rows]);
}
