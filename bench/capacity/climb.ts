/**
 * The highest rate at which `kept` holds; 0 if none. The rate doubles from `start` until `kept` fails, or halves down to
 * `least` if `start` fails. The interval between the last two is then narrowed to a fifth or to `least`. Tries at most
 * `steps` rates.
 */
export async function climb(
  { start, least, steps }: { start: number; least: number; steps: number },
  kept: (rate: number) => Promise<boolean>,
): Promise<number> {
  let below = 0;
  let above = Number.POSITIVE_INFINITY;
  let rate = start;
  for (let step = 0; step < steps; step++) {
    if (await kept(rate)) below = rate;
    else above = rate;
    if (above === Number.POSITIVE_INFINITY) rate *= 2;
    else if (below === 0) rate /= 2;
    else if (above / below < 1.2 || above - below <= least) break;
    else rate = handy(Math.sqrt(below * above));
    if (rate < least) break;
  }
  return below;
}

/** Two significant digits: 6.7, 45, 390. */
const handy = (rate: number) => Number(rate.toPrecision(2));
