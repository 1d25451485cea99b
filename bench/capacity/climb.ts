/**
 * The greatest rate at which `kept` holds: doubled from `start` (below it in halves, down to `least`) until it does
 * not, then narrowed down between the last two, to a fifth or to `least`. 0 where it holds nowhere. Up to `steps` rates
 * are tried.
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

/** Two digits that matter: 6.7, 45, 390. */
const handy = (rate: number) => Number(rate.toPrecision(2));
