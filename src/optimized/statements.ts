import type { ListRequest } from '../contract/list.ts';
import type { Parameter } from '../server/database.ts';
import collectText from '../sql/optimized/collect.sql' with { type: 'text' };
import collectByGroupText from '../sql/optimized/collect_by_group.sql' with { type: 'text' };
import collectByIndexText from '../sql/optimized/collect_by_index.sql' with { type: 'text' };
import collectByIndexBranchText from '../sql/optimized/collect_by_index_branch.sql' with { type: 'text' };
import collectRankedText from '../sql/optimized/collect_ranked.sql' with { type: 'text' };
import countText from '../sql/optimized/count.sql' with { type: 'text' };
import mergeText from '../sql/optimized/merge.sql' with { type: 'text' };
import newestText from '../sql/optimized/newest.sql' with { type: 'text' };
import newestBranchText from '../sql/optimized/newest_branch.sql' with { type: 'text' };
import newestByDayText from '../sql/optimized/newest_by_day.sql' with { type: 'text' };
import newestUntimelyText from '../sql/optimized/newest_untimely.sql' with { type: 'text' };
import noneText from '../sql/optimized/none.sql' with { type: 'text' };
import walkText from '../sql/optimized/walk.sql' with { type: 'text' };
import walkCoveredText from '../sql/optimized/walk_covered.sql' with { type: 'text' };
import walkImpliedText from '../sql/optimized/walk_implied.sql' with { type: 'text' };
import walkNullableText from '../sql/optimized/walk_nullable.sql' with { type: 'text' };
import { type Condition, conditions, idList } from './conditions.ts';
import { costOfFinding, costOfIndex } from './costs.ts';
import { implied, impliedTest } from './implied.ts';
import { afterwards, buckets, keyed, type Order, parts, sortOrder, walkOrder } from './order.ts';
import {
  and,
  binding,
  type Filling,
  fill,
  findings,
  lookedUp,
  making,
  type Page,
  type Statement,
  tests,
} from './statement.ts';
import type { Statistics, Tag } from './statistics.ts';

// Each way to a page as a statement: a template of src/sql/optimized, filled in.

/** Walks the order of the list, reading at most `budget` customers; where it is `covered`, in the index alone. */
export function walk(page: Page, { budget, covered }: { budget: number; covered: boolean }): Statement {
  const { bind, sorted, names, all, statement } = making(page);
  const column = sorted.columns[0]!.name;
  const bounds = all.filter((condition) => condition.bounds === column);
  const filters = all.filter((condition) => !bounds.includes(condition));
  const only = bounds.some(({ nulls }) => nulls) ? 'nulls' : undefined;
  // Where the budget may end the first part, the second must not begin.
  const [first = 'false', second = 'false'] = parts(sorted, page.window.position, bind, only).slice(
    0,
    filters.length > 0 ? 1 : 2,
  );
  const from = (part: string) => and([part, ...bounds.map(({ test }) => test())]);
  const filling = { from: from(first), from_null: from(second), budget: `${budget}`, filters: 'true' };
  const bound = implied(page.request, sorted);
  if (filters.length === 0) return statement('walk', sorted.nullable ? walkNullableText : walkText, filling);
  if (!covered) return statement('walk', walkText, { ...filling, filters: tests(filters) }, false);
  const others = filters.filter((condition) => !condition.covered);
  const row_filters = tests(others);
  const indexed = {
    ...filling,
    filters: tests(filters.filter((condition) => condition.covered)),
    tested: others.length > 0 ? lookedUp(row_filters) : '',
  };
  if (!bound) return statement('walk', walkCoveredText, indexed, false);
  const merged_order = sortOrder({ ...sorted, backwards: false }, names, 'merged.');
  const filled = { ...indexed, row_filters, implied: impliedTest(bound, column, bind), merged_order };
  return statement('walk', walkImpliedText, filled, false);
}

/** Merges the first customers of each of the values of the sort column that `tags` stand for, in their order. */
export function merge(page: Page, tags: Tag[] | null): Statement {
  const { bind, rely, sorted, all, statement } = making(page);
  const [column] = sorted.columns;
  if (tags) rely();
  const own = all.find(({ tagged }) => tagged?.length === 1 && tagged[0]!.column === `${column!.name}_tag`);
  return statement('merge', mergeText, {
    tags: tags ? bind(idList(tags), 'integer[]') : own!.tagged![0]!.list(),
    column: column!.name,
    bucket_from: buckets({ ...sorted, nullable: false }, page.window.position, bind),
    bucket_order: `list_tag.value ${sorted.descending ? 'desc' : 'asc'}`,
    from: parts({ ...sorted, nullable: false }, page.window.position, bind)[0]!,
    filters: tests(all),
  });
}

/** Merges the newest customers of each value that the condition `by` is about; the oldest, if the list begins there. */
export function newest(page: Page, by: number): Statement {
  const { bind, sorted, all, statement } = making(page);
  const [first] = parts(sorted, page.window.position, bind);
  const bound = implied(page.request, sorted);
  const test = bound ? impliedTest(bound, 'created', bind) : 'true';
  const filters = tests(all.filter((_, i) => i !== by));
  const order = walkOrder(sorted);
  const branches = all[by]!.tagged!.map(({ column, list, but }) =>
    fill(newestBranchText, {
      ...{ tags: list(), column, from: and([first!, test]), filters: and([filters, but]), order },
    }),
  );
  if (bound) {
    const untimely = {
      from: and([first!, `not (${test})`]),
      filters: and([filters, all[by]!.test()]),
      order,
    };
    branches.push(fill(newestUntimelyText, untimely));
  }
  return statement('newest', newestText, {
    branches: branches.join('union\n'),
    newest_order: sortOrder({ ...sorted, backwards: false }, ['key'], 'newest.'),
  });
}

/** The newest of those who were last active before some moment, day by day. */
export function byDay(page: Page): Statement {
  const { bind, sorted, all, statement } = making(page);
  const { position } = page.window;
  const [indexed, others] = [all.filter(({ covered }) => covered), all.filter(({ covered }) => !covered)];
  const bound = bind(implied(page.request, sorted)!.value, 'timestamptz');
  const { active_before, created_before } = page.request.filters;
  const latest = [created_before, position?.key[0]].filter((time) => typeof time === 'string');
  const row_filters = tests(others);
  return statement('days', newestByDayText, {
    bound,
    latest: `least(${[bound, ...latest.map((time) => bind(time, 'timestamptz'))].join(', ')})`,
    active_before: bind(active_before!, 'timestamptz'),
    from: parts(sorted, position, bind)[0]!,
    filters: tests(indexed),
    tested: others.length > 0 ? lookedUp(row_filters) : '',
    row_filters,
  });
}

/** Collects by the index that the condition `by` has of its own, then sorts. */
export function byIndex(page: Page, by: number): Statement {
  const { bind, sorted, names, keys, all, statement } = making(page);
  const { test, tagged = [] } = all[by]!;
  const filters = tests(all.filter((_, i) => i !== by));
  const finds = tagged.map(({ column, list, but }) => `${column} = any(${list()}) and ${but}`);
  // Who is found by two values of different columns is found once.
  const findings = finds.map((find, i) => [
    find,
    ...finds.slice(0, i).map((other) => `(${other}) is not true`),
  ]);
  const texts = indexedTexts(sorted, all);
  const branches = (findings.length > 0 ? findings : [[test()]]).map((finding) =>
    fill(collectByIndexBranchText, { finding: and(finding), filters, keys, ...texts }),
  );
  return statement('index', collectByIndexText, {
    branches: branches.join('union all\n'),
    from: and(afterwards(keyed(sorted, names), page.window.position, bind)),
    order: sortOrder(sorted, names),
  });
}

/** Collects those created within a time, and the few who were changed or active before they were created. */
export function within(page: Page, { from, to }: { from: string; to: string }): Statement {
  const { bind, sorted, names, keys, all, statement } = making(page);
  const created = `created between ${bind(from, 'timestamptz')} and ${bind(to, 'timestamptz')}`;
  const filling = { filters: tests(all), keys, ...indexedTexts(sorted, all) };
  const branches = [created, `untimely and not (${created})`].map((finding) =>
    fill(collectByIndexBranchText, { ...filling, finding }),
  );
  return statement('within', collectByIndexText, {
    branches: branches.join('union all\n'),
    from: and(afterwards(keyed(sorted, names), page.window.position, bind)),
    order: sortOrder(sorted, names),
  });
}

/** Finds nobody, unless there are new tags. */
export const none = (page: Page): Statement => making(page).statement('none', noneText, {});

const textColumns = new Set(['first_name', 'last_name', 'city', 'country']);

// The index has no texts but their tags, by which they are looked up: cheaper than to read the row of every customer.
function indexedTexts({ columns }: Order, all: Condition[]): Filling {
  if (all.some(({ covered }) => !covered)) return { joins: '' };
  if (columns[0]!.name === 'customer_id') {
    return {
      joins: '',
      keys: '(select own.customer_id from customer_list own where own.id = collected.id) as key',
    };
  }
  if (!textColumns.has(columns[0]!.name)) return { joins: '' };
  const joins = columns.map(
    ({ name }, i) =>
      `left join list_tag text${i} on text${i}.kind = '${name}' and text${i}.id = collected.${name}_tag`,
  );
  return {
    joins: joins.join('\n'),
    keys: columns.map((_, i) => `text${i}.value as ${['key', 'key2'][i]}`).join(', '),
  };
}

/** Collects the matches of one group of about `size` customers after the other, from the beginning of the page on. */
export function group(page: Page, size: number): Statement {
  const { bind, sorted, all, statement } = making(page, size);
  const { position } = page.window;
  const { finding, tested } = findings(all, page.statistics);
  return statement('group', collectByGroupText, {
    finding,
    kind: `'${sorted.kind}'`,
    bucket_from: buckets(sorted, position, bind),
    bucket_order: `list_tag.value ${sorted.descending ? 'desc' : 'asc'} nulls ${sorted.backwards ? 'first' : 'last'}`,
    filters: and([...tested, ...afterwards(sorted, position, bind)]),
    group_order: sortOrder(
      sorted,
      sorted.columns.map(({ name }) => name),
    ),
  });
}

/** Collects every match, then sorts; ranked, where the list is by relevance and not all in parts. */
export function collect(page: Page): Statement {
  const ranked = page.request.sort === 'relevance';
  const { bind, sorted, names, all, statement } = making(
    page,
    ...(ranked ? [page.request.search!.text] : []),
  );
  const position = afterwards(sorted, page.window.position, bind);
  const { finding, tested } = findings(all, page.statistics);
  return statement('collect', ranked ? collectRankedText : collectText, {
    finding,
    filters: and([...tested, ...(ranked ? [] : position)]),
    from: and(position),
    order: sortOrder(sorted, names),
  });
}

/** Counts every match: in the index of one filter, in any that has all columns, or by that of words and tags. */
export function count(
  request: ListRequest,
  statistics: Statistics,
): { text: string; parameters: Parameter[] } {
  const parameters: Parameter[] = [];
  const { bind, rely, unseen } = binding(statistics, parameters);
  const all = conditions(request, { bind, rely, statistics });
  const counted = (finding: string, filters: string) => ({
    text: fill(countText, { finding, filters, unseen: unseen() }),
    parameters,
  });
  const tagged = all.filter((condition) => condition.tagged?.length === 1).sort((a, b) => a.share - b.share);
  const by = tagged[0];
  const inIndex = costOfIndex(by?.share ?? 1, statistics);
  if (all.every(({ covered }) => covered) && inIndex < costOfFinding(all, statistics)) {
    const finding = and(
      (by?.tagged ?? []).map(({ column, list, but }) => `${column} = any(${list()}) and ${but}`),
    );
    return counted(finding, tests(all.filter((condition) => condition !== by)));
  }
  const { finding, tested } = findings(all, statistics);
  return counted(finding, and(tested));
}
