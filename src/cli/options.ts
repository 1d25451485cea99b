import { Option } from '@commander-js/extra-typings';
import { type ProfileName, profileNames } from '../seed/profiles/names.ts';
import { Stop } from './command.ts';

// Options of the commands. Name, help and parser of each are defined once; the command sets the default.

/** `100_000`, `100000` → 100000. Throws Stop for other text and for a number out of bounds. */
export function wholeNumber(name: string, text: string, from = 1, to = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (number >= from && number <= to) return number;
  const bounds = to < Number.MAX_SAFE_INTEGER ? `from ${from} to ${to}` : `of ${from} or more`;
  throw new Stop(`--${name} ${text} cannot be used: it takes a whole number ${bounds}.`);
}

const spelled = (value: number) => value.toLocaleString('en-US').replaceAll(',', '_');

/** The parser of a number option that a command declares itself. */
export const numberOf = (name: string) => (text: string) => wholeNumber(name, text);
/** The same for comma-separated numbers. */
export const numbersOf = (name: string) => (text: string) =>
  text.split(',').map((one) => wholeNumber(name, one.trim()));

/** `--NAME N`, a whole number from `from` to `to`. */
const whole =
  <const Name extends string>(name: Name, about: string, from = 1, to?: number) =>
  <const Default extends number>(otherwise: Default, meaning = about) =>
    new Option(`--${name} <N>`, meaning)
      .argParser((text) => wholeNumber(name, text, from, to))
      .default(otherwise as number, spelled(otherwise));

/** `--NAME TEXT` */
const word = <const Name extends string>(name: Name, value: string, about: string) =>
  new Option(`--${name} <text>`.replace('text', value) as `--${Name} <text>`, about);

/** `--NAME WORD`, where WORD is one of `words`. Throws Stop for any other. */
export const oneOf = <const Name extends string, const Word extends string>(
  name: Name,
  words: readonly Word[],
  about: string,
) =>
  new Option(`--${name} <${words.join('|')}>` as `--${Name} <word>`, about).argParser((text): Word => {
    const found = words.find((one) => one === text);
    if (found) return found;
    throw new Stop(`--${name} ${text} cannot be used: it takes ${words.join(' or ')}.`);
  });

const flag = <const Name extends string>(name: Name, about: string) => new Option(`--${name}`, about);

// What is measured.
export const customersFrom = (from: number, to?: number) =>
  whole('customers', 'customers in the databases created for this command', from, to);
export const customers = customersFrom(1);
export const data = oneOf('data', profileNames, 'distribution of their values').default(
  'default' as ProfileName,
);
export const dataSeed = whole(
  'data-seed',
  'seed of the customers; with --data random also of their distribution',
  0,
  2 ** 32 - 1,
)(1);
export const database = word(
  'database',
  'NAME',
  'uses the existing databases NAME_naive and NAME_optimized instead of creating some',
);
export const seed = whole('seed', 'seed of the generated values', 0, 2 ** 32 - 1);
export const server = (about: string) => word('server', 'NAME', about);
export const only = word('only', 'TEXT', 'only what has TEXT in its name');
export const requests = whole('requests', 'number of requests');
export const requestsOfEach = new Option(
  '--requests <N>',
  'requests per shape, instead of --seconds',
).argParser((text) => wholeNumber('requests', text));

// How much, and how.
export const users = whole('users', 'concurrent users, each without pauses');
export const seconds = whole('seconds', 'seconds of each measurement');
export const rounds = whole(
  'rounds',
  'rounds, each with new processes or connections, every second one in reverse order',
);
export const budget = whole(
  'budget',
  'milliseconds to measure each case for; a slower case is measured once',
);
export const concurrency = whole('concurrency', 'requests in flight at once');
export const minutes = whole('minutes', 'approximate duration in minutes');
export const limit = whole('limit', 'latency limit in milliseconds');
export const cutoff = whole('cutoff', 'seconds after which a request to the naive server is cancelled');
export const combinations = whole('combinations', 'number of requests from the differential generator');
export const load = whole('load', 'seconds of each k6 load, and of the creates on each server');
export const plans = whole('plans', 'number of slowest requests to explain', 0);
export const cold = flag(
  'cold',
  'also measures with cold caches: restarts PostgreSQL and empties the file cache before each of some sixty shapes; needs root',
);
export const pairs = flag(
  'pairs',
  'also measures each filter with each sort as a separate shape: twenty minutes more',
);
export const quick = flag('quick', 'measures less of everything: four minutes instead of fifteen');
export const workers = whole('workers', 'number of threads', 1, 64);

/** Port of the lab's page. */
export const port = new Option(
  '--port <N>',
  'port of the page; 0 for any free one (default: LAB_PORT, else 8080)',
).argParser((text) => wholeNumber('port', text, 0, 65_535));

// Where results go.
export const json = word('json', 'FILE', 'writes all figures to FILE');
