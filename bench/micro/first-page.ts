import { get } from '../latency/measure.ts';
import type { Case } from './case.ts';

export default {
  question: 'The first page: the twenty newest customers',
  async *measured({ list }) {
    yield () => get(list);
  },
} satisfies Case;
