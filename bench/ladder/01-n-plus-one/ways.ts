import type { Ways } from '../rung.ts';
import addressText from './address.sql' with { type: 'text' };
import relationshipText from './relationship.sql' with { type: 'text' };

interface Row {
  id: number;
  first_name: string;
  last_name: string;
  address_id: number | null;
}

export default {
  before: {
    async answer(run, statement, parameters) {
      const customers = [];
      for (const { address_id, ...row } of await run<Row>(statement, parameters)) {
        const [address] = address_id === null ? [] : await run<object>(addressText, [address_id]);
        const [relationship] = await run<object>(relationshipText, [row.id]);
        customers.push({
          ...row,
          ...{ city: null, country: null, points: null },
          ...address,
          ...relationship,
        });
      }
      return customers;
    },
  },
} satisfies Ways;
