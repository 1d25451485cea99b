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
  /** what is counted when nothing is said */
  counts: 'exact' | 'none';
  /** of the PostgreSQL that its databases are on; that of the run unless given */
  port?: () => Promise<number>;
  /** false: a statement is planned for its values alone, so the log has no plan of a slow one */
  plans?: boolean;
}

/** All that the contract says of a server, whichever it is. `traits` are the differences that are meant. */
export function contract(name: string, open: Open, { counts, port, plans = true }: Traits) {
  describe(name, () => {
    describe('read', () => {
      const room = useRoom(open, { fill: insertPeople });
      answers(room, counts);
      routes(room);
      badLists(room);
    });
    describe('written to', () => {
      const room = useRoom(open, { fill: insertPeople });
      create(room);
      change(room);
      shared(room);
      preconditions(room);
      idempotency(room);
      badBodies(room);
    });
    describe('asked by anybody', () => access(open));
    describe('asked by a page', () => browsers(open));
    describe('looked into', () => seeing(open, plans));
    outages(open, port);
  });
  lists(name, open);
}

/** What the contract says of lists: whom they find, and in which order. */
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
