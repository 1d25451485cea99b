import { customers } from '../../src/optimized/columns.ts';
import { endless, type Path, type Walk } from '../../src/optimized/listing/paths.ts';
import type { Reader } from '../../src/optimized/listing/read.ts';
import { sampleOf } from '../../src/optimized/listing/sample.ts';

/** A part of the optimized server that can be left out without changing the answers. */
export interface Mechanism {
  name: string;
  /** Makes the reader without it. */
  without: (reader: Reader) => Reader;
  /** Tables and indexes that only it needs, and statements that relieve a create of them. */
  relations: string[];
  remove?: string[];
  /** Source files that only it needs. */
  files: string[];
}

/** A reader whose chosen access paths are replaced by the result of `alter`. */
const choosing =
  (alter: (paths: ReturnType<Reader['choose']>) => ReturnType<Reader['choose']>): Mechanism['without'] =>
  (reader) => ({ ...reader, choose: (task) => alter(reader.choose(task)) });

const dropping = (...indexes: string[]) => ({
  relations: indexes,
  remove: indexes.map((name) => `drop index if exists ${name}`),
});

const scan = { name: 'scan', narrowed: null } as const;
/** A walk that reads only the page, because every row matches. */
const isPage = (path: Path) => path.name === 'walk' && path.budget === null;
const isBudgeted = (path: Path) => path.name === 'walk' && path.budget !== null;
const byRows = ({ keys: _, ...walk }: Walk): Path => walk;
// Rows with null in the order's first column follow the others.
const walkToTheEnd = { name: 'walk', budget: endless, reachesNulls: true } as const;

export const mechanisms: Mechanism[] = [
  {
    name: 'the sample: every condition is expected to pass at once',
    without: (reader) => ({ ...reader, sample: () => sampleOf(reader.sample().total, []) }),
    relations: [],
    files: [
      'src/optimized/listing/bits.ts',
      'src/optimized/listing/sample.ts',
      'src/optimized/listing/survey.ts',
      'src/optimized/listing/outlook.ts',
      'src/sql/listing/sample.sql',
    ],
  },
  {
    name: 'the walk, where there is a condition',
    without: (reader) => ({
      ...reader,
      choose(task) {
        const others = reader.choose(task).filter(({ name }) => name !== 'walk');
        return task.conditions.length === 0 ? reader.choose(task) : others.length > 0 ? others : [scan];
      },
    }),
    relations: [],
    files: [],
  },
  {
    name: 'the budget of the walk: it goes to its end',
    without: choosing((paths) => (isBudgeted(paths[0]!) ? [walkToTheEnd] : paths)),
    relations: [],
    files: [],
  },
  {
    name: 'the keys: a walk reads every row that it tests or skips',
    without: choosing((paths) => paths.map((path) => (path.name === 'walk' ? byRows(path) : path))),
    relations: [],
    files: ['src/sql/listing/walk_keys.sql'],
  },
  {
    name: 'the buckets: matches are collected at once',
    without: choosing((paths) => paths.filter((path) => path.name !== 'collect' || !path.byBucket)),
    relations: [],
    files: [],
  },
  {
    name: 'the inverted index: the order is walked to its end',
    without: choosing((paths) => (isPage(paths[0]!) ? paths : [walkToTheEnd])),
    ...dropping(
      'customer_list_find_idx',
      ...customers.columns.map(({ name }) => `customer_list_value_${name}_idx`),
    ),
    files: ['src/optimized/listing/conditions.ts', 'src/sql/listing/collect.sql'],
  },
  {
    name: 'the zone map: every order is read from its beginning',
    without: (reader) => ({ ...reader, zoned: {} }),
    relations: ['customer_list_zone', 'customer_list_zone_pkey'],
    remove: ['update listing_column set zoned = default', `call listing_make_refresh('customer_list')`],
    files: ['src/sql/listing/schema/105_zones.sql'],
  },
  {
    name: 'the scan: the order is walked to its end',
    without: choosing((paths) => (paths.at(-1)!.name === 'scan' ? [walkToTheEnd] : paths)),
    relations: [],
    files: ['src/sql/listing/scan.sql'],
  },
];
