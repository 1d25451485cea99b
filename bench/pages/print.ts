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
  const rows = ratios.map((one) => {
    const { goal, holds } = verdictOf(one);
    const rounds = one.rounds.map((round) => round.toFixed(2)).join(' ');
    return [one.question, one.ratio === null ? '-' : one.ratio.toFixed(2), rounds, goal, holds];
  });
  return table([['ratio', 'median', 'rounds', 'goal', ''], ...rows]);
}

/** A goal and whether it holds, in words. */
export function verdictOf({ ratio, atLeast, atMost, holds }: Ratio): { goal: string; holds: string } {
  const goal =
    atLeast !== undefined ? `≥ ${short(atLeast)}` : atMost !== undefined ? `≤ ${short(atMost)}` : '';
  return { goal, holds: ratio === null ? 'not measured' : holds === null ? '' : holds ? 'yes' : 'NO' };
}
