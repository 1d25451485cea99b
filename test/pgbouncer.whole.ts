import { describe } from 'bun:test';
import { contract } from './contract/index.ts';
import { hasPgBouncer, openPooled } from './pooled.ts';

// The whole contract of both servers through PgBouncer. It takes a minute, so it is not part of `npm test`, whose
// pgbouncer.test.ts covers what depends on sessions. Run it with: npm test -- ./test/pgbouncer.whole.ts

describe.if(hasPgBouncer)('through PgBouncer', () => {
  contract('naive', openPooled.naive, { counts: 'exact' });
  contract('optimized', openPooled.optimized, { counts: 'none' });
});
