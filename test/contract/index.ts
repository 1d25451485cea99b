import { describe } from 'bun:test';
import { type Open, useRoom } from '../rooms.ts';
import { access } from './access.suite.ts';
import { answers } from './answers.suite.ts';
import { badBodies } from './bodies.suite.ts';
import { browsers } from './browsers.suite.ts';
import { change } from './change.suite.ts';
import { create } from './create.suite.ts';
import { insertCrowd } from './crowd.ts';
import { examples } from './examples.suite.ts';
import { badLists } from './faults.suite.ts';
import { filters } from './filters.suite.ts';
import { idempotency } from './idempotency.suite.ts';
import { order } from './order.suite.ts';
import { outages } from './outages.suite.ts';
import { insertPeople } from './people.ts';
import { preconditions } from './preconditions.suite.ts';
import { routes } from './routes.suite.ts';
import { search } from './search.suite.ts';
import { seeing } from './seeing.suite.ts';
import { shared } from './shared.suite.ts';

export interface Traits {
  /** the count when the request does not say which */
  counts: 'exact' | 'none';
  /** the port of the PostgreSQL with its databases; that of the run unless given */
  port?: () => Promise<number>;
  /** false: statements are planned only for their values, so the log has no plan of a slow one */
  plans?: boolean;
}

/** The whole contract, for either server. `traits` are the intended differences. */
export function contract(name: string, open: Open, { counts, port, plans = true }: Traits) {
  describe(name, () => {
    describe('when read', () => {
      const room = useRoom(open, { fill: insertPeople });
      answers(room, counts);
      routes(room);
      badLists(room);
    });
    describe('when written to', () => {
      const room = useRoom(open, { fill: insertPeople });
      create(room);
      change(room);
      shared(room);
      preconditions(room);
      idempotency(room);
      badBodies(room);
    });
    describe('authorizing writes', () => access(open));
    describe('in a browser', () => browsers(open));
    describe('when observed', () => seeing(open, plans));
    outages(open, port);
  });
  lists(name, open);
}

/** The contract of lists: which customers they find, and in which order. */
export function lists(name: string, open: Open) {
  describe(name, () => {
    describe('with four customers', () => {
      const room = useRoom(open, { fill: insertPeople });
      examples(room);
      search(room);
    });
    describe('with a crowd', () => {
      const room = useRoom(open, { fill: insertCrowd });
      filters(room);
      order(room);
    });
  });
}
