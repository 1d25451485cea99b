import type { Room } from '../../bench/servers.ts';
import type { ParameterName } from '../../src/contract/parameters.ts';

/** The values of the form: texts by parameter name. */
export type Values = Partial<Record<ParameterName, string>>;

/** A place in the list. The optimized server gets the cursor, if one is known; otherwise the page is sent. */
export interface Position {
  page: number;
  cursor: string | null;
}

export interface Request {
  values: Values;
  position: Position;
  /** milliseconds to wait for further typing */
  delay: number;
}

export const firstPage: Position = { page: 1, cursor: null };

/** The query string sent to a server. */
export function queryOf({ values, position: { page, cursor } }: Request, room: Room): string {
  const query = parametersOf(values);
  if (room === 'optimized' && cursor !== null) query.set('cursor', cursor);
  else if (page !== 1) query.set('page', `${page}`);
  return query.toString();
}

/** The form's values as URL parameters. */
export function parametersOf(values: Values): URLSearchParams {
  return new URLSearchParams(Object.entries(values).filter(([, text]) => text !== ''));
}

/** The request that a URL of this page stands for. */
export function requestAt(search: string): Request {
  const { page, ...values } = Object.fromEntries(new URLSearchParams(search));
  return { values, position: { page: Number(page) || 1, cursor: null }, delay: 0 };
}

/** The URL of this page for a request. A cursor is left out, because it is valid for today's data only. */
export function addressOf({ values, position }: Request): string {
  const query = parametersOf(values);
  if (position.page !== 1) query.set('page', `${position.page}`);
  return query.size > 0 ? `?${query}` : './';
}
