import { get } from '../latency/measure.ts';
import type { Case } from './case.ts';

export default {
  question: 'A filter by first name, with the exact count on both servers',
  async *measured({ list }) {
    yield () => get(`${list}?first_name=Anthony&count=exact`);
  },
} satisfies Case;
