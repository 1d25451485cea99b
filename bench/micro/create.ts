import { get } from '../latency/measure.ts';
import type { Case } from './case.ts';

const customer = {
  first_name: 'Measured',
  last_name: 'Benchmark',
  address: { country: 'Testland', city: 'Testville', city_code: '12345' },
  relationship: { points: 100 },
};

// Each customer is deleted again, or the two databases would no longer hold the same rows.
export default {
  question: 'A customer created and deleted again: two requests',
  async *measured({ list }) {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(customer);
    yield async () => {
      const created = await get(list, 201, { method: 'POST', headers, body });
      const { id } = JSON.parse(new TextDecoder().decode(created)) as { id: number };
      await get(`${list}/${id}`, 204, { method: 'DELETE' });
    };
  },
} satisfies Case;
