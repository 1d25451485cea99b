import type { ListRequest } from '../contract/list.ts';
import { positionOf } from './buckets.ts';
import type { Condition } from './conditions.ts';
import { isPlace, type Places } from './geography.ts';
import { between } from './guesses.ts';
import { createdWithin, implied } from './implied.ts';
import type { Order } from './order.ts';
import type { Statistics, Tag } from './statistics.ts';

// Which way to a page is likely to be the fastest. Costs are microseconds, as measured with 3 million customers in memory.

/** A way to a page. */
export type Way =
  | { shape: 'walk'; covered: boolean; budget: number }
  | { shape: 'merge'; tags: Tag[] | null }
  | { shape: 'newest' | 'index'; by: Condition }
  | { shape: 'days' | 'collect' | 'none' }
  | { shape: 'within'; from: string; to: string }
  | { shape: 'group'; size: number };

/** What a way depends on. */
export interface Task {
  request: ListRequest;
  filters: Condition[];
  sorted: Order;
  /** matches that are wanted */
  rows: number;
  /** customers */
  total: number;
  places: Places | null;
  statistics: Statistics;
}

type Costed<W = Way> = { cost: number; way: W };

// A customer that is walked past: in the index, or in its row; in the order of the table, or in another.
const walking = { covered: { created: 0.4, other: 0.6 }, rows: { created: 0.8, other: 3.7 } };
// One whose row is looked up after it was found in an index, and tested.
const lookingUp = 3;
// One that an index finds, and that is sorted: by what is in the index, by the texts of its tags, or by its row.
const collecting = { index: 0.45, texts: 0.7, rows: 2.5 };
// One that the index of words and tags finds, and has to be read; an entry of that index; a list of entries.
const finding = { row: 3, entry: 0.1, list: 8 };
// Of one group: to look it up; and shares of what it takes to merge all, and of its own customers.
const grouping = { group: 400, merging: 0.05, entry: 0.03 };
// What it takes to begin.
const beginning = { value: 8, index: 100, find: 300, group: 600 };

/** Customers that a walk may read before it gives up: few values, since each is part of the text of a statement. */
const budgets = [2_000, 8_000, 30_000, 120_000, 500_000];
/** Customers who were created so shortly before an implied bound that they hardly ever pass. */
const untilImplied = 6_000;
/** Days until the page is full, about. */
const daysLooked = 30;
/** Lists of that index that a filter may read. */
const mostEntries = 150;
/** Values whose first customers are merged. */
const mostMerged = 100;
/** Groups that a list is parted into at the most. */
const mostGroups = 256;

const inIndex = new Set(['created', 'points', 'last_activity', 'last_updated']);
const inTags = new Set(['first_name', 'last_name', 'city', 'country']);

const isNobody = ({ tags }: Condition) => tags?.length === 0;
const isCovered = (filters: Condition[]) => filters.every(({ covered }) => covered);

/** What it takes to walk past a customer: in the index first, where that spares the rows of enough others. */
function perWalked(filters: Condition[], column: string, places: Places | null) {
  const order = column === 'created' ? 'created' : 'other';
  const [indexed, others] = [
    filters.filter(({ covered }) => covered),
    filters.filter(({ covered }) => !covered),
  ];
  const share = others.length > 0 ? shareOf(indexed, places) : 0;
  const [inIndex, inRows] = [walking.covered[order] + share * lookingUp, walking.rows[order]];
  return { covered: inIndex <= inRows, cost: Math.min(inIndex, inRows), inIndex };
}

/** The way that is likely to be the fastest; after a walk also the fastest of those that are complete. */
export function ways(task: Task): Way[] {
  if (task.filters.some(isNobody) || task.places?.city.length === 0) return [{ shape: 'none' }];
  const walk = byWalking(task);
  const column = task.sorted.columns[0]!.name;
  if (walk && task.filters.every(({ bounds }) => bounds === column)) return [walk.way];
  const known = [...byMerging(task), ...byIndex(task), ...byTime(task), ...byDay(task)];
  const [collect, group] = byFinding(task);
  // Groups are for matches that are all over the list, and where these are not, one group after the other is in vain.
  const isBound = task.filters.some(({ bounds }) => bounds === column);
  const uneven = isClustered(task) || isBound || implied(task.request, task.sorted) !== null;
  const best = least(uneven ? [...known, collect] : [...known, collect, group]);
  if (!walk || best.cost <= walk.cost) return [best.way];
  // Where a walk ends early the matches are not where they were thought to be, on which groups rely as well.
  return [walk.way, least([...known, collect, { ...group, cost: 3 * group.cost }]).way];
}

const least = (all: Costed[]): Costed => all.reduce((a, b) => (b.cost < a.cost ? b : a));

function byWalking(task: Task): Costed | null {
  const { request, filters, sorted, rows, places } = task;
  const column = sorted.columns[0]!.name;
  const inside = filters.filter(({ bounds }) => bounds !== column);
  const bound = implied(request, sorted);
  const passing = bound ? inside.filter(({ bounds }) => !bound.by.includes(bounds ?? '')) : inside;
  const walked = (bound ? untilImplied : 0) + rows / shareOf(passing, places);
  // Where nothing is filtered the walk ends when the page is full, whatever the budget.
  const enough = Math.max(inside.length > 0 ? 3 * walked : 0, 2 * rows);
  const budget = budgets.find((one) => one >= enough);
  if (!budget || isClustered(task) || ownOf(task)) return null;
  const { covered, cost, inIndex } = perWalked(inside, column, places);
  const per = bound ? { covered: true, cost: inIndex } : { covered, cost };
  return { cost: walked * per.cost, way: { shape: 'walk', covered: per.covered, budget } };
}

// Who passes these stands together somewhere, and not all over the list.
const isByPlace = (column: string) => column === 'city' || column === 'country';
/** Whether enough of those who pass a condition do so by such columns. */
const isBy = ({ tagged = [], share }: Condition, columns: RegExp) =>
  tagged.reduce((sum, one) => sum + (columns.test(one.column) ? one.share : 0), 0) > share / 4;
function isClustered({ filters, sorted }: Task): boolean {
  const column = sorted.columns[0]!.name;
  const [own, place] = [new RegExp(`^${column}_tag$`), /^(country|city)/];
  return filters.some(
    (filter) =>
      isBy(filter, own) || (isByPlace(column) && (filter.family === 'place' || isBy(filter, place))),
  );
}

/** The filter on the column that the list is sorted by, where it is about values with tags. */
const ownOf = ({ filters, sorted }: Task) =>
  filters.find(
    ({ tagged }) => tagged?.length === 1 && tagged[0]!.column === `${sorted.columns[0]!.name}_tag`,
  );

/** What it costs to walk by id until so many `rows` have passed. */
export function costOfWalking(filters: Condition[], rows: number): number {
  return (rows / shareOf(filters, null)) * perWalked(filters, 'id', null).inIndex;
}

/** What it costs to collect a share of the customers by an index of their own. */
export const costOfIndex = (share: number, { total }: Statistics) =>
  beginning.index + share * total * collecting.index;

/** What it costs to collect by the index of words and tags. */
export const costOfFinding = (filters: Condition[], { total }: Statistics) =>
  finds(filters, total, null).collecting;

/** By the values of the sort column: those that are asked for, or those of the places that are. */
function byMerging(task: Task): Costed[] {
  const { filters, sorted, rows, places, total } = task;
  const column = sorted.columns[0]!.name;
  const own = ownOf(task);
  const placed = places && (column === 'city' || column === 'country') ? places[column] : null;
  const values = placed ?? own?.tags ?? null;
  if (!inTags.has(column) || (!values && !own)) return [];
  const others = filters.filter((filter) => filter !== own && !(placed && isPlace(filter)));
  const customers = placed?.reduce((sum, tag) => sum + tag.customers, 0) ?? 0;
  const within = placed ? Math.min(1, (places!.share * total) / (customers + 1)) : 1;
  const number = values?.length ?? own!.entries;
  const perRow = isCovered(others) ? walking.covered.other : walking.rows.other;
  const read = rows / Math.max(1e-9, within * shareOf(others, places));
  const most = placed ? customers : own!.share * total;
  return [
    {
      cost:
        beginning.index +
        number * 1.5 +
        Math.min(number, 20) * beginning.value +
        Math.min(read, most) * perRow,
      way: { shape: 'merge', tags: placed },
    },
  ];
}

function perCollected(filters: Condition[], { columns: [column] }: Order): number {
  if (!isCovered(filters)) return collecting.rows;
  if (inIndex.has(column!.name)) return collecting.index;
  return inTags.has(column!.name) ? collecting.texts : collecting.rows;
}

function byIndex({ filters, sorted, rows, total, places }: Task): Costed[] {
  const column = sorted.columns[0]!.name;
  const covered = isCovered(filters);
  return filters.flatMap((by): Costed[] => {
    const { share, tagged, bounds } = by;
    // Of rows in a range PostgreSQL expects a third of the table, and would read it as a whole if it had to read rows.
    if (!tagged?.length && !(covered && bounds && inIndex.has(bounds))) return [];
    const index: Costed = {
      cost: beginning.index + share * total * perCollected(filters, sorted),
      way: { shape: 'index', by },
    };
    const values = tagged?.reduce((sum, one) => sum + one.values, 0) ?? 0;
    if (!tagged || column !== 'created' || values > mostMerged) return [index];
    const others = filters.filter((filter) => filter !== by);
    const read = Math.min(share * total, (values * rows) / shareOf(others, places));
    const perRow = isCovered(others) ? walking.covered.created : collecting.rows;
    return [
      index,
      {
        cost: beginning.index / 2 + values * beginning.value + read * perRow,
        way: { shape: 'newest', by },
      },
    ];
  });
}

/** Where filters bound on both sides when customers were created. */
function byTime({ request, filters, sorted, total, statistics }: Task): Costed[] {
  const time = createdWithin(request);
  if (!time) return [];
  const [from, to] = [positionOf('created', time.from), positionOf('created', time.to)];
  const customers = to < from ? 0 : between(statistics, 'created', from, to).share * total;
  const cost = beginning.index + customers * perCollected(filters, sorted);
  return [{ cost, way: { shape: 'within', ...time } }];
}

/** The newest, where a filter bounds when they were last active: before that they were created, mostly days before. */
function byDay({ request, filters, sorted, rows, places }: Task): Costed[] {
  const bound = implied(request, sorted);
  if (!bound?.by.includes('last_activity') || sorted.columns[0]!.name !== 'created') return [];
  const others = filters.filter(({ bounds }) => !bound.by.includes(bounds ?? ''));
  const read = rows / shareOf(others, places);
  const perRow = perWalked(filters, 'id', places).inIndex;
  return [{ cost: beginning.index + daysLooked * beginning.value + read * perRow, way: { shape: 'days' } }];
}

function finds(filters: Condition[], total: number, places: Places | null) {
  const asked = worthAsking(filters, total);
  const entries = asked.reduce((sum, { share }) => sum + share * total, 0);
  const lists = asked.reduce((sum, filter) => sum + filter.entries, 0);
  const merging = entries * finding.entry + lists * finding.list;
  const found = asked.length > 0 ? shareOf(asked, places) * total : total;
  return { merging, found, collecting: beginning.find + merging + found * finding.row };
}

function byFinding({ filters, sorted, rows, total, places }: Task): [collect: Costed, group: Costed] {
  const { merging, found, collecting } = finds(filters, total, places);
  const size = Math.ceil(Math.max((1.2 * rows) / shareOf(filters, places), total / mostGroups, 1));
  const part = Math.min(1, size / Math.max(1, total));
  // How many groups are looked at until the page is full: all of them, if there are not so many matches.
  const groups = Math.min(1 / part, Math.ceil((1.2 * rows) / (shareOf(filters, places) * size)));
  const perGroup =
    grouping.group + merging * grouping.merging + size * grouping.entry + found * part * finding.row;
  return [
    { cost: collecting, way: { shape: 'collect' } },
    { cost: beginning.group + risk(filters, sorted) * groups * perGroup, way: { shape: 'group', size } },
  ];
}

/**
 * By how much groups may cost more than they promise: who passes several filters, or is named as people of one country
 * are, or was created when others were active, is not all over the list.
 */
function risk(filters: Condition[], { columns: [column] }: Order): number {
  const together = isByPlace(column!.name)
    ? filters.some(({ tagged }) => tagged)
    : /^(created|last_)/.test(column!.name) && filters.some(({ family }) => family === 'time');
  return (filters.length > 1 ? 2 : 1) * (together ? 4 : 1);
}

/**
 * The conditions that the index of words and tags is asked for: the rarest, and each further one that saves more reading
 * of rows than its entries take. The others are tested on the rows that are found.
 */
export function worthAsking(filters: Condition[], total: number): Condition[] {
  const able = filters.filter(({ find, entries }) => find !== null && entries <= mostEntries);
  const [first, ...others] = able.sort((a, b) => a.share - b.share);
  if (!first) return filters.filter(({ find }) => find !== null).slice(0, 1);
  const asked = [first];
  let found = first.share * total;
  for (const filter of others) {
    const costs = filter.share * total * finding.entry + filter.entries * finding.list;
    if (found * (1 - filter.share) * finding.row < costs) continue;
    asked.push(filter);
    found *= filter.share;
  }
  return asked;
}

/** The share that passes all filters. Within a family each further one counts for less; of places it is known. */
function shareOf(filters: Condition[], places: Places | null): number {
  let product = 1;
  for (const [family, members] of Map.groupBy(filters, (filter) => filter.family)) {
    if (family === 'place' && places && members.length > 1) product *= places.share;
    else {
      const shares = members.map(({ share, given }) => given ?? share).sort((a, b) => a - b);
      product *= shares.reduce((all, share, i) => all * share ** (family === 'search' ? 1 : 1 / 2 ** i), 1);
    }
  }
  return Math.max(1e-9, product);
}
