import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Parameter, Run } from '../../src/server/database.ts';

// A rung is a folder. README.md beside this file describes its files.

export const sides = ['before', 'after'] as const;
export type Side = (typeof sides)[number];

/** One way to an answer. */
export interface Way {
  /** Runs before the first statement and is rolled back at the end. `shared` belongs to both ways. */
  setup: { shared: string | null; own: string | null };
  statement: string;
  /** Whether the driver prepares the statement. */
  prepare: boolean;
  /** Returns the compared value, which must be equal for both ways. */
  answer: (run: Run, statement: string, parameters: Parameter[]) => Promise<unknown>;
}

/** What SQL files cannot express; see `ways.ts` in some of the folders. */
export type Ways = { [S in Side]?: Partial<Pick<Way, 'prepare' | 'answer'>> };

interface Words {
  /** The folder: `04-index`. */
  name: string;
  title: string;
  changes: string;
  notPaying: string;
}

/** Two ways to query PostgreSQL. `values` is a statement that returns name and parameters of each case. */
export interface StatementRung extends Words {
  kind: 'statements';
  values: string;
  ways: Record<Side, Way>;
}

/** One setting of the optimized server. */
export interface Setting {
  environment: Record<string, string>;
  /** Statement after each customer write while lists are read; null: no writes. */
  afterWrite: string | null;
}

/** Two settings of the optimized server. */
export interface SettingRung extends Words {
  kind: 'settings';
  ways: Record<Side, Setting>;
}

export type Rung = StatementRung | SettingRung;

/** All rungs, in order. */
export async function readRungs(): Promise<Rung[]> {
  const folders = readdirSync(import.meta.dir).filter((name) => /^\d\d-/.test(name));
  return Promise.all(folders.sort().map(readRung));
}

async function readRung(name: string): Promise<Rung> {
  const read = (file: string) => readFileSync(`${import.meta.dir}/${name}/${file}`, 'utf8').trim();
  const has = (file: string) => existsSync(`${import.meta.dir}/${name}/${file}`);
  const maybe = (file: string) => (has(file) ? read(file) : null);
  const words = { name, ...wordsOf(name, read('README.md')) };
  if (has('before.env')) {
    const setting = (side: Side): Setting => ({
      environment: settings(read(`${side}.env`)),
      afterWrite: maybe(`${side}.write.sql`),
    });
    return { kind: 'settings', ...words, ways: { before: setting('before'), after: setting('after') } };
  }
  const own: Ways = has('ways.ts') ? (await import(`./${name}/ways.ts`)).default : {};
  const way = (side: Side): Way => ({
    setup: { shared: maybe('setup.sql'), own: maybe(`${side}.setup.sql`) },
    statement: maybe('statement.sql') ?? read(`${side}.sql`),
    prepare: true,
    answer: rows,
    ...own[side],
  });
  return {
    kind: 'statements',
    ...words,
    values: read('values.sql'),
    ways: { before: way('before'), after: way('after') },
  };
}

const rows: Way['answer'] = (run, statement, parameters) => run(statement, parameters);

/** The three paragraphs of a README.md: heading, what changes, where it does not pay. */
function wordsOf(name: string, text: string) {
  const [heading, changes, notPaying] = text
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replaceAll('\n', ' '));
  if (!heading?.startsWith('# ') || !changes || !notPaying?.startsWith('Does not pay'))
    throw new Error(
      `bench/ladder/${name}/README.md must have a heading, what changes, and "Does not pay ...".`,
    );
  return { title: heading.slice(2), changes, notPaying };
}

const settings = (text: string) =>
  Object.fromEntries(text.split('\n').map((line) => line.split('=') as [string, string]));
