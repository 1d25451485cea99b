import { get } from '../latency/measure.ts';
import type { Case } from './case.ts';

export default {
  question: 'A filter by first name: Anthony, newest first',
  async *measured({ list }) {
    yield () => get(`${list}?first_name=Anthony`);
  },
} satisfies Case;
