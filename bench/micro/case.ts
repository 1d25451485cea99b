import { get } from '../latency/measure.ts';
import type { Room } from '../servers.ts';
import type { Row } from '../vocabulary.ts';

/** The server that a case is measured on. */
export interface Target {
  room: Room;
  /** Address of its list, `http://HOST:PORT/api/v1/customers`. */
  list: string;
}

/** One question: what is set up before `yield` is not measured, what is yielded is, again and again. */
export interface Case {
  question: string;
  measured(target: Target): AsyncGenerator<() => Promise<unknown>, void>;
}

export interface Page {
  count: number | null;
  next: string | null;
  results: Row[];
}

export const page = async (url: string) => JSON.parse(new TextDecoder().decode(await get(url))) as Page;
