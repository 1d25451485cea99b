import type { Random } from './random.ts';

/**
 * Query strings that both servers must reject with the same message, one kind of fault a line. A bad `cursor` is not
 * among them: only one of the servers has cursors, and the other says so.
 */
export const faults: readonly string[] = `
  firstname=a FIRST_NAME=a q=a limit=10 offset=10 =a constructor=1 __proto__=1 toString=1
  first_name=a&first_name=b page=1&page=1 search=a&search= sort_by=city&sort_by=city gender=&gender=
  page_size=0 page_size=101 page_size=-1 page_size=1.5 page_size=x page_size=%EF%BC%95
  page=0 page=-1 page=1.5 page=x
  gender=man gender=MALE gender=male%20 has_address=yes has_address=1 has_address=TRUE
  sort_by=id sort_by=gender sort_by=relevance sort_by=created; ordering=asc ordering=DESC count=all count=1
  min_points=x max_points=1,5 min_points=NaN min_points=Infinity max_points=1%202
  birthday_after=2000-02-30 birthday_before=2000-13-01 birthday_after=01.02.2000 birthday_after=2000-1-1
  birthday_after=2000-01-01T00:00:00Z birthday_before=yesterday birthday_before=infinity
  created_after=2023-02-29 created_before=2023-01-01T25:00:00Z created_after=2023-01-01T00:00:00
  last_updated_after=1700000000 last_updated_before=2023-01-01T00:00:00+99:00 created_after=0000-00-00
  active_from=now active_before=2023-01-01%2000:00 active_from=infinity active_before=2023-W01
  first_name=%00 search=a%00b city=%FF city=%ED%A0%80 city=%C3 search=%C0%80 street=%F8%88%80%80%80
  search=%ED%B8%80 search=anna%F0%9F%98 last_name=%F4%90%80%80
  first_name=${'a'.repeat(201)} search=${'a'.repeat(201)} street=${'%C3%A9'.repeat(201)}
`
  .trim()
  .split(/\s+/);

/** One fault, or two at once: the answer must name each of them. */
export function faultyQuery(draw: Random): string {
  const first = draw.pick(faults);
  if (draw.chance(0.7)) return first;
  const second = draw.pick(faults);
  return second === first ? first : `${first}&${second}`;
}
