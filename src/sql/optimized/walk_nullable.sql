-- walk.sql for a column that can be null. Nulls come last in both directions, which no single index gives, so the
-- customers with a value are walked first, then those without. $1 rows, $2 rows to skip.
select count(*) as rows, string_agg(page.body, ',') as bodies, pg_current_snapshot()::text as snapshot
from (
  select walked.body
  from (
    (
      select *
      from customer_list
      where /*from*/ points is not null /*end*/
      order by /*order*/ points desc, id desc /*end*/
      limit /*budget*/ 6000 /*end*/
    )
    union all
    (
      select *
      from customer_list
      where /*from_null*/ points is null /*end*/
      order by /*order*/ points desc, id desc /*end*/
      limit /*budget*/ 6000 /*end*/
    )
  ) walked
  where /*filters*/ true /*end*/
  limit $1::bigint offset $2::bigint
) page
