import { get } from '../latency/measure.ts';
import type { Case } from './case.ts';

export default {
  question: 'The twenty customers with the most points',
  async *measured({ list }) {
    yield () => get(`${list}?sort_by=points`);
  },
} satisfies Case;
