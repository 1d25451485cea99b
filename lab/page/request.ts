import type { Room } from '../../bench/servers.ts';
import type { ParameterName } from '../../src/contract/parameters.ts';

/** What the form says: texts by the names of the parameters. */
export type Values = Partial<Record<ParameterName, string>>;

/** A place in the list. A server with cursors is asked by cursor, where one is known; the other by page. */
export interface Position {
  page: number;
  cursor: string | null;
}

export interface Request {
  values: Values;
  position: Position;
  /** milliseconds to wait for more to be typed */
  delay: number;
}

export const firstPage: Position = { page: 1, cursor: null };

/** The query that a side is asked with. */
export function queryOf({ values, position: { page, cursor } }: Request, room: Room): string {
  const query = parametersOf(values);
  if (room === 'optimized' && cursor !== null) query.set('cursor', cursor);
  else if (page !== 1) query.set('page', `${page}`);
  return query.toString();
}

/** What the form says, as a query. */
export function parametersOf(values: Values): URLSearchParams {
  return new URLSearchParams(Object.entries(values).filter(([, text]) => text !== ''));
}

/** The request that an address of this page stands for. */
export function requestAt(search: string): Request {
  const { page, ...values } = Object.fromEntries(new URLSearchParams(search));
  return { values, position: { page: Number(page) || 1, cursor: null }, delay: 0 };
}

/** The address of this page for a request. A cursor is left out: it is good for the data of today only. */
export function addressOf({ values, position }: Request): string {
  const query = parametersOf(values);
  if (position.page !== 1) query.set('page', `${position.page}`);
  return query.size > 0 ? `?${query}` : './';
}
