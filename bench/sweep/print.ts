import type { Kind } from '../shapes/shape.ts';
import { short, table } from '../table.ts';
import type { Growth, Point } from './growth.ts';

/** A shape in all sizes. */
export interface Swept {
  name: string;
  kind: Kind;
  optimized: Point[];
  naive: Point[];
  growth: Growth;
  naiveGrowth: Growth;
}

/** Two tables of `p50 / p95` in milliseconds, and how many shapes hold their goal. */
export function sweepTable(sizes: number[], rows: Swept[]): string {
  const heads = sizes.map((size) => size.toLocaleString('en-US').replaceAll(',', ' '));
  const cells = (points: Point[]) =>
    sizes.map((size) => cell(points.find((point) => point.customers === size)));
  const optimized = rows.map(({ name, optimized: points, growth }) => [
    ...[name, ...cells(points), times(growth), exponent(growth)],
    `≤ ${growth.most}×`,
    growth.holds === null ? '' : growth.holds ? 'ok' : 'NO',
  ]);
  const measured = rows.filter(({ growth }) => growth.holds !== null);
  const held = measured.filter(({ growth }) => growth.holds);
  const parts = [
    table([['optimized, p50 / p95 ms', ...heads, 'growth', 'exponent', 'goal', ''], ...optimized]),
    `${held.length} of ${measured.length} shapes hold their goal.`,
  ];
  const naive = rows
    .filter(({ naive: points }) => points.length > 0)
    .map(({ name, naive: points, naiveGrowth }) => [
      ...[name, ...cells(points), times(naiveGrowth), exponent(naiveGrowth)],
    ]);
  if (naive.length > 0)
    parts.push(table([['naive, p50 / p95 ms', ...heads, 'growth', 'exponent'], ...naive]));
  return parts.join('\n\n');
}

function cell(point: Point | undefined): string {
  if (!point) return '';
  if (point.p50 === null || point.p95 === null) return point.cutOff ? 'cut off' : '-';
  return `${short(point.p50)} / ${short(point.p95)}`;
}

const times = ({ times: by }: Growth) => (by === null ? '-' : `${by.toFixed(2)}×`);
const exponent = ({ exponent: of }: Growth) => (of === null ? '-' : of.toFixed(2));
