import { dataMeaning, type ProfileName, readData } from '../../src/seed/index.ts';
import type { Loop } from '../client/closed-loop.ts';
import { wholeNumber } from '../command.ts';

export const usage = `Measures every shape of list request on the optimized server without its cache, each on its own, and
says of each whether it holds its goal; then loads, writes and start; then the slowest requests with their plans.

  npm run bench -- shapes [options]

  --customers N      rows in the databases that are made for it (default 3_000_000)
  --data NAME        ${dataMeaning}
  --database NAME    measures NAME_naive and NAME_optimized as they are, instead of making databases; what the writes
                     create goes again at their end, but not where they are interrupted
  --only TEXT        what has TEXT in its name: "sort: points", "filter: city", "hard", "deep", "load", "writes"
  --pairs            also each filter with each sort as a shape of its own: twenty minutes more
  --users N          at the same time, each without a pause (default 8)
  --seconds S        for each shape (default 2)
  --requests N       for each shape, instead of seconds
  --combinations N   requests of the differential generator (default 10_000)
  --load S           seconds of each load by k6, three times those of the writes (default 30)
  --plans N          how many of the slowest requests to explain (default 5)
  --seed N           other values (default 1)
  --json FILE        where all figures go (default .data/bench/shapes-DATE.json)
  --help

Exit code 1 when a goal does not hold.`;

const text = { type: 'string' } as const;

export const options = {
  ...{ customers: text, data: text, database: text, only: text, users: text, seconds: text, requests: text },
  ...{
    combinations: text,
    load: text,
    plans: text,
    seed: text,
    json: text,
    pairs: { type: 'boolean' } as const,
  },
};

export interface Settings {
  customers: number;
  data: ProfileName;
  database: string | undefined;
  only: string;
  pairs: boolean;
  users: number;
  /** Of each shape. */
  loop: Loop;
  combinations: number;
  load: number;
  plans: number;
  seed: number;
  json: string | undefined;
}

export function readSettings(values: Record<string, string | boolean | undefined>): Settings {
  const text = (name: string) => values[name] as string | undefined;
  const number = (name: string, otherwise: number, minimum = 1) =>
    wholeNumber(name, text(name), otherwise, minimum);
  const users = number('users', 8);
  return {
    customers: number('customers', 3_000_000),
    data: readData(text('data')),
    database: text('database'),
    only: text('only') ?? '',
    pairs: values.pairs === true,
    users,
    loop: text('requests')
      ? { users, requests: number('requests', 1) }
      : { users, seconds: number('seconds', 2) },
    combinations: number('combinations', 10_000),
    load: number('load', 30),
    plans: number('plans', 5, 0),
    seed: number('seed', 1, 0),
    json: text('json'),
  };
}
