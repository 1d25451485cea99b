import type { Fault } from './suffer.ts';

/** Longer than the statement timeout, so that statements in flight are given up as well. */
export const hung: Fault = {
  name: 'PostgreSQL hung',
  unready: true,
  settings: { STATEMENT_TIMEOUT: '1000' },
  lasts: 4_000,
  begin: async ({ postgres }) => postgres.hang(),
  mend: async ({ postgres }) => postgres.goOn(),
};
