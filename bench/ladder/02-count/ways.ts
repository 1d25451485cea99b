import type { Ways } from '../rung.ts';
import pageText from './after.sql' with { type: 'text' };

export default {
  before: {
    // Only the page is compared, because the other way has no count.
    async answer(run, statement, parameters) {
      await run(statement, parameters);
      return run(pageText, parameters);
    },
  },
} satisfies Ways;
