import type { Ways } from '../rung.ts';

const encoder = new TextEncoder();

export default {
  before: {
    answer: async (run, statement, parameters) =>
      encoder.encode(JSON.stringify(await run(statement, parameters))),
  },
  after: {
    async answer(run, statement, parameters) {
      const [page] = await run<{ bodies: string }>(statement, parameters);
      return encoder.encode(`[${page!.bodies}]`);
    },
  },
} satisfies Ways;
