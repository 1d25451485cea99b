import type { Ways } from '../rung.ts';
import pageText from './after.sql' with { type: 'text' };

export default {
  before: {
    // What is compared is the page: the count is what the other way goes without.
    async answer(run, statement, parameters) {
      await run(statement, parameters);
      return run(pageText, parameters);
    },
  },
} satisfies Ways;
