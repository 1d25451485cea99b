import { get } from '../latency/measure.ts';
import { type Case, page } from './case.ts';

/** Which row the page begins with; in a smaller table it is the last full page. */
const row = 50_000;
const size = 100;

// The contract gives the naive server page numbers and the optimized one cursors this far down.
export default {
  question: `The page of ${size} at row ${row.toLocaleString('en-US')}: OFFSET against a cursor`,
  async *measured({ list, room }) {
    const first = await page(`${list}?page_size=${size}&count=exact`);
    const pages = Math.max(0, Math.min(row / size, Math.floor(first.count! / size) - 1));
    if (room === 'naive') {
      yield () => get(`${list}?page_size=${size}&page=${pages + 1}`);
      return;
    }
    let url = `${list}?page_size=${size}`;
    for (let at = 0; at < pages; at++) url = (await page(url)).next ?? url;
    yield () => get(url);
  },
} satisfies Case;
