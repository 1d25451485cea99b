import { databaseBytes } from '../../machine.ts';
import { megabytes } from '../../report/words.ts';
import type { Check, Setting } from './check.ts';

const most = 5;

/** The whole optimized database against the whole naive one, with the same rows. */
export async function diskSpace({ stage }: Setting): Promise<Check[]> {
  const bytes = (await databaseBytes(stage))!;
  const ratio = bytes.optimized / bytes.naive;
  return [
    {
      name: 'disk: all of the database',
      goal: `≤ ${most} times naive's`,
      found: `${megabytes(bytes.optimized)}, ${ratio.toFixed(1)} times naive's ${megabytes(bytes.naive)}`,
      holds: ratio <= most,
      figures: { bytes },
    },
  ];
}
