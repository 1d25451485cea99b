import { describe, expect, test } from 'bun:test';
import type { Sql } from '../../../src/server/database.ts';
import { within } from '../../cluster.ts';
import { insertPeople } from '../../contract/people.ts';
import { useRoom } from '../../rooms.ts';
import { openOptimized } from '../room.ts';
import { expectInStep } from './in-step.ts';

// Two transactions that are open at the same time change parts of one customer. Whichever commits last, the read model
// must show the changes of both.

const changes = {
  'the name': `update customer set first_name = 'Renamed' where id = 1`,
  'another name': `update customer set last_name = 'Renamed too' where id = 1`,
  'the points': `update customer_relationship set points = points + 1 where customer_ref = 1`,
  'no relationship': `delete from customer_relationship where customer_ref = 1`,
  'a relationship': `insert into customer_relationship (customer_ref, points) values (4, 4)`,
  'the shared address': `update address set city = city || '!' where id = 1`,
  'another address': `update customer set address_id = 2 where id = 1`,
  'that other address': `update address set street = 'Changed' where id = 2`,
  'no address': `update customer set address_id = null where id in (1, 3)`,
  'an address for the one without': `update customer set address_id = 1 where id = 4`,
  'one customer less': `delete from customer where id = 3`,
};
const pairs = Object.keys(changes).flatMap((one) =>
  Object.keys(changes).map((other) => [one, other] as const),
);
type Change = keyof typeof changes;

describe('the read model', () => {
  const room = useRoom(openOptimized);

  test.each(pairs)('keeps two concurrent changes: %s and %s', async (one, other) => {
    await room().sql`truncate customer, address restart identity cascade`;
    await insertPeople(room().sql);
    const { name, sql } = room();
    await within(name, (first) =>
      within(name, (second) => overlap(first, second, changes[one as Change], changes[other as Change])),
    );
    await expectInStep(sql);
  });
});

/** Both transactions are open before the first one commits. */
async function overlap(first: Sql, second: Sql, one: string, other: string): Promise<void> {
  await first.unsafe('begin');
  await first.unsafe(one);
  await second.unsafe('begin');
  const waiting = second.unsafe(other).then(
    () => second.unsafe('commit'),
    // The key of a row that the first transaction created: the second one has nothing left to do.
    ({ code }) => expect(code).toBe('23505'),
  );
  await Bun.sleep(5);
  await first.unsafe('commit');
  await waiting;
  await second.unsafe('rollback');
}
