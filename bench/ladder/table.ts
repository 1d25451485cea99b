import { megabytes } from '../report/words.ts';
import { short, table } from '../table.ts';
import { faster, p50, price } from './figures.ts';
import type { RungResult } from './result.ts';

/** The rungs as a text table for a terminal. */
export function ladderTable(results: RungResult[]): string {
  const head = [
    'rung, case',
    'before ms',
    'after ms',
    'faster',
    'rows read',
    'blocks read',
    'disk',
    'writes',
  ];
  return table([head, ...results.flatMap(rows)]);
}

function rows(result: RungResult): string[][] {
  const { diskBytes, writes, memoryBytes } = price(result);
  const disk = diskBytes ?? memoryBytes;
  return result.cases.map((one, index) => {
    const { before, after } = one.asked;
    const pair = (of: 'rowsRead' | 'blocks') =>
      before.work && after.work ? `${whole(before.work[of])} → ${whole(after.work[of])}` : '';
    return [
      `${index === 0 ? result.name : ' '.repeat(result.name.length)}  ${one.name}`,
      ...[short(p50(before)), short(p50(after)), `${short(faster(one))}×`],
      ...[pair('rowsRead'), pair('blocks')],
      index === 0 && disk !== null ? `${disk < 0 ? '−' : '+'}${megabytes(Math.abs(disk))}` : '',
      index === 0 && writes !== null ? `${short(writes)}×` : '',
    ];
  });
}

const whole = (value: number) => value.toLocaleString('en-US').replaceAll(',', ' ');
