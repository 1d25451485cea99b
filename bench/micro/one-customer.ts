import { get } from '../latency/measure.ts';
import { type Case, page } from './case.ts';

export default {
  question: 'One customer by id, of a hundred in turn',
  async *measured({ list }) {
    const { results } = await page(`${list}?sort_by=customer_id&page_size=100&count=none`);
    const urls = results.map(({ id }) => `${list}/${id}`);
    let turn = 0;
    yield () => get(urls[turn++ % urls.length]!);
  },
} satisfies Case;
