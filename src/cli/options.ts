import { Option } from '@commander-js/extra-typings';
import { type ProfileName, profileNames } from '../seed/profiles/names.ts';
import { Stop } from './command.ts';

// Options of the commands. Name, help and parser of each are defined once; the command sets the default.

/** `100_000`, `100000` → 100000. Throws Stop for other text and for a number out of bounds. */
export function wholeNumber(name: string, text: string, from = 1, to = Number.MAX_SAFE_INTEGER): number {
  const number = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (number >= from && number <= to) return number;
  const bounds = to < Number.MAX_SAFE_INTEGER ? `from ${from} up to ${to}` : `of ${from} or more`;
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
    throw new Stop(`--${name} ${text} cannot be used: it is ${words.join(' or ')}.`);
  });

const flag = <const Name extends string>(name: Name, about: string) => new Option(`--${name}`, about);

// What is measured.
export const customersFrom = (from: number, to?: number) =>
  whole('customers', 'rows in the databases that are made for it', from, to);
export const customers = customersFrom(1);
export const data = oneOf('data', profileNames, 'the distribution of their values').default(
  'default' as ProfileName,
);
export const database = word(
  'database',
  'NAME',
  'measures NAME_naive and NAME_optimized as they are, instead of making databases',
);
export const seed = whole('seed', 'another one draws other values', 0, 2 ** 32 - 1);
export const server = (about: string) => word('server', 'NAME', about);
export const only = word('only', 'TEXT', 'what has TEXT in its name');
export const requests = whole('requests', 'how many');
export const requestsOfEach = new Option('--requests <N>', 'of each, instead of seconds').argParser((text) =>
  wholeNumber('requests', text),
);

// How much, and how.
export const users = whole('users', 'at the same time, each without a pause');
export const seconds = whole('seconds', 'of each');
export const rounds = whole(
  'rounds',
  'with fresh processes or connections, every second one in reverse order',
);
export const budget = whole('budget', 'milliseconds to measure each for; a slower one is asked once');
export const concurrency = whole('concurrency', 'requests under way at once');
export const minutes = whole('minutes', 'how long, about');
export const limit = whole('limit', 'milliseconds that an answer may take');
export const cutoff = whole('cutoff', 'seconds after which a naive request is given up');
export const combinations = whole('combinations', 'requests of the differential generator');
export const load = whole('load', 'seconds of each load by k6, and of the creates of each server');
export const plans = whole('plans', 'how many of the slowest requests to explain', 0);
export const cold = flag(
  'cold',
  'also restarts PostgreSQL and empties the file cache before each of some sixty shapes; needs root',
);
export const pairs = flag(
  'pairs',
  'also each filter with each sort as a shape of its own: twenty minutes more',
);
export const quick = flag('quick', 'less of everything: within four minutes instead of fifteen');
export const workers = whole('workers', 'threads', 1, 64);

/** Port of the lab's page. */
export const port = new Option(
  '--port <N>',
  'of the page; 0 for any free one (default: LAB_PORT, else 8080)',
).argParser((text) => wholeNumber('port', text, 0, 65_535));

// Where results go.
export const json = word('json', 'FILE', 'writes all figures to a file');
