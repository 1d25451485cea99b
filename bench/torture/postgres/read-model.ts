import type { Sql } from '../../../src/server/database.ts';
import type { Failures } from '../check.ts';

/** Expects the read model to equal a freshly filled one. */
export async function expectInStep(sql: Sql, failures: Failures): Promise<void> {
  const [row] = await sql<{ differ: number }[]>`
    select count(*)::int as differ from (
      (select * from customer_list_row except all select * from customer_list)
      union all (select * from customer_list except all select * from customer_list_row)) as different`;
  failures.expect(row!.differ === 0, `${row!.differ} rows of the read model differ from the tables`);
}
