import { get } from '../latency/measure.ts';
import type { Case } from './case.ts';

export default {
  question: 'A search for two words: Nicholas Heights',
  async *measured({ list }) {
    yield () => get(`${list}?search=Nicholas%20Heights`);
  },
} satisfies Case;
