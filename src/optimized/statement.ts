import type { ListRequest } from '../contract/list.ts';
import type { Parameter } from '../server/database.ts';
import { type Condition, conditions, type Making } from './conditions.ts';
import { worthAsking } from './costs.ts';
import type { Position } from './cursor.ts';
import { order, sortOrder, walkOrder } from './order.ts';
import type { Statistics } from './statistics.ts';

// What every statement of a list is made from.

/** A statement that answers with how many `rows` and their `bodies`, joined by commas, or that there are `unseen` tags. */
export interface Statement {
  shape: 'walk' | 'merge' | 'newest' | 'days' | 'index' | 'within' | 'none' | 'group' | 'collect';
  text: string;
  parameters: Parameter[];
  /** planned once for each connection; only a closed set of texts is */
  prepare: boolean;
  /** too few rows mean that there are no more; otherwise it is open */
  final: boolean;
}

/** The rows of a page: how many, after how many skipped, from where. */
export interface Window {
  rows: number;
  skip: number;
  position: Position | null;
}

/** What a page is read by. */
export interface Page {
  request: ListRequest;
  window: Window;
  statistics: Statistics;
}

export type Filling = Record<string, string>;

/** Templates taken to pieces: text, mark, its name, text, … */
const taken = new Map<string, string[]>();

function piecesOf(template: string): string[] {
  const pieces = taken.get(template) ?? template.split(/(\/\*(\w+)\*\/.*?\/\*end\*\/)/s);
  taken.set(template, pieces);
  return pieces;
}

/** The template with its marked parts filled in. */
export function fill(template: string, filling: Filling): string {
  const pieces = piecesOf(template);
  let text = pieces[0]!;
  for (let i = 1; i < pieces.length; i += 3) text += (filling[pieces[i + 1]!] ?? pieces[i]!) + pieces[i + 2]!;
  return text;
}

export const and = (terms: string[]) =>
  terms.length > 0 ? terms.map((term) => `(${term})`).join(' and ') : 'true';
export const tests = (all: Condition[]) => and(all.map(({ test }) => test()));

/** What the index of words and tags is asked for, and what is tested on the rows it finds. */
export function findings(all: Condition[], { total }: Statistics) {
  const asked = worthAsking(all, total);
  const tested = all.filter((condition) => condition.rough || !asked.includes(condition));
  return { finding: and(asked.map(({ find }) => find!())), tested: tested.map(({ test }) => test()) };
}

/** The rows of customers that an index has found (`walked`), to test what is not in the index. */
export const lookedUp = (tests: string) => `cross join lateral (
  select from customer_list where customer_list.id = walked.id and ${tests} offset 0
) tested`;

// Of texts with more filters there are too many to keep. The words of a search are one filter.
const mostPrepared = 2;
const isPrepared = (all: Condition[]) =>
  all.filter(({ family }) => family !== 'search').length +
    Number(all.some(({ family }) => family === 'search')) <=
  mostPrepared;

/** Takes the values of a statement, and asks whether there are tags that it relies on and the server has not seen. */
export function binding({ seen }: Statistics, parameters: Parameter[]) {
  let relied = false;
  const bind: Making['bind'] = (value, type) => `$${parameters.push(value)}::${type}`;
  const rely = () => {
    relied = true;
  };
  const newer = (table: string) =>
    `(select count(*) from ${table} where made >= ${bind(seen!.since, 'xid8')})`;
  // Tags are only ever added. So those that are known are all, unless there are more of recent transactions.
  const unseen = () =>
    relied && seen
      ? `${newer('list_tag')} + ${newer('list_pair')} <> ${bind(seen.recent, 'bigint')}`
      : 'false';
  return { bind, rely, unseen };
}

/** What all statements of a page are made from. `$1` and `$2` are rows and rows to skip. */
export function making({ request, window, statistics }: Page, ...more: Parameter[]) {
  const parameters: Parameter[] = [window.rows, window.skip, ...more];
  const { bind, rely, unseen } = binding(statistics, parameters);
  const sorted = order(request, window.position);
  const names = ['key', 'key2'].slice(0, sorted.columns.length);
  const keys = sorted.columns.map(({ name }, i) => `${name} as ${names[i]}`).join(', ');
  const all = conditions(request, { bind, rely, statistics });
  const filling = { keys, order: walkOrder(sorted), page_order: sortOrder(sorted, names, 'page.') };
  const statement = (shape: Statement['shape'], text: string, filled: Filling, final = true): Statement => ({
    ...{ shape, text: fill(text, { ...filling, ...filled, unseen: unseen() }), parameters },
    ...{ prepare: isPrepared(all), final },
  });
  return { bind, rely, sorted, names, keys, all, statement };
}

export type Made = ReturnType<typeof making>;
