import { listPath } from '../requests.ts';

/** ms until the first of ten consecutive answered requests, writes and reads in turn; about 20 000 if there are none. */
export async function untilAnswered(base: () => string): Promise<number> {
  const began = performance.now();
  const body = JSON.stringify({ first_name: 'Healed', last_name: 'Again' });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  let since = began;
  for (let row = 0; row < 10; ) {
    const sent = performance.now();
    const path = `${listPath}${row % 2 ? `?page_size=2&max_points=${Math.round(sent)}` : ''}`;
    const answer = await fetch(base() + path, row % 2 ? {} : init).catch(() => null);
    if (row === 0) since = performance.now();
    row = answer !== null && answer.status < 300 ? row + 1 : 0;
    if (performance.now() - began > 20_000) break;
  }
  return since - began;
}
