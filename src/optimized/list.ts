import type { ListRequest } from '../contract/list.ts';
import { conditions } from './conditions.ts';
import { ways } from './costs.ts';
import { placesOf } from './geography.ts';
import { order } from './order.ts';
import { contradictory } from './ranges.ts';
import { inParts } from './relevance.ts';
import type { Statement, Window } from './statement.ts';
import { byDay, byIndex, collect, group, merge, newest, none, walk, within } from './statements.ts';
import type { Statistics } from './statistics.ts';

// From a list request to statements. There are few ways to a page: to walk an index in the order of the list, keeping
// what matches; to merge the first customers of each matching value; to collect what matches, by the index of one filter,
// by the index of words and tags, or there one group of the list after the other, and sort. Each has a bound on what it
// can cost whatever anybody believes of the data; where a walk ends before the page is full, the next statement goes on.

/** The statements to ask one after the other, until one fills the page. The last is always final. */
export function* statements(
  request: ListRequest,
  window: Window,
  statistics: Statistics,
): Generator<Statement> {
  const page = { request, window, statistics };
  if (contradictory(request.filters)) return yield none(page);
  if (request.sort === 'relevance') return yield inParts(page) ?? collect(page);
  const filters = conditions(request, { bind: () => '', rely: () => {}, statistics });
  const task = {
    filters,
    sorted: order(request, window.position),
    request,
    rows: window.rows + window.skip,
    total: statistics.total,
    statistics,
    places: placesOf(filters, request.sort, statistics),
  };
  for (const way of ways(task)) {
    if (way.shape === 'walk') yield walk(page, way);
    else if (way.shape === 'merge') yield merge(page, way.tags);
    else if (way.shape === 'newest') yield newest(page, filters.indexOf(way.by));
    else if (way.shape === 'days') yield byDay(page);
    else if (way.shape === 'index') yield byIndex(page, filters.indexOf(way.by));
    else if (way.shape === 'within') yield within(page, way);
    else if (way.shape === 'none') yield none(page);
    else if (way.shape === 'group') yield group(page, way.size);
    else yield collect(page);
  }
}
