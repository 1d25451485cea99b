import { byFrequency } from '../latency/access-path.ts';
import { fillMarked, table } from '../report/markdown.ts';
import { notRecorded } from '../report/paths.ts';
import { moment } from '../report/words.ts';
import { population, type Stage } from '../stage.ts';
import { short } from '../table.ts';
import type { Check } from './checks/check.ts';
import type { MeasuredShape } from './measured.ts';
import { missing } from './print.ts';

// The tables of docs/limits.md from runs of `npm run bench -- shapes`, so that no figure in it is written by hand.

/** A run as stored in its file. */
export interface ShapesRun {
  started: string;
  commit: { id: string } | null;
  machine: { cpu: string; cores: number };
  customers: number;
  data: Stage['data'];
  settings: { users: number };
  shapes: StoredShape[];
  checks: Check[];
}

/** Older runs have no access paths. */
type StoredShape = Omit<MeasuredShape, 'accessPaths'> & Partial<Pick<MeasuredShape, 'accessPaths'>>;

/** Prefixes of the shapes' names, in the document's order. */
const groups: [string, string][] = [
  ['sort:', 'each sort, both directions'],
  ['filter:', 'each single filter, newest first'],
  ['search:', 'one to three words, newest first'],
  ['filter, other sort:', 'a filter, any other sort'],
  ['search, other sort:', 'words, any other sort'],
  ['search, relevance:', 'words, by relevance'],
  ['three filters:', 'three filters at once'],
  ['hard', 'the hard cases'],
  ['page:', 'page by number, up to row 10 000'],
  ['deep:', 'deep in the list, both directions'],
  ['any combination:', 'any combination of parameters'],
];

/** Puts the tables of runs between the marks of the document. Throws if it has no marks. */
export const fillLimits = (document: string, runs: readonly ShapesRun[]): string =>
  fillMarked('docs/limits.md', document, 'figures', `\n\n${runs.map(tables).join('\n\n')}\n\n`);

function tables({ started, commit, machine, customers, data, settings, shapes, checks }: ShapesRun): string {
  const missed = missing(shapes);
  const about = `${moment(started)}, commit ${commit?.id.slice(0, 8) ?? 'unknown'}, ${machine.cpu}`;
  return [
    `## ${population({ customers, data })}`,
    `${about}: ${shapes.length - missed.length} of ${shapes.length} shapes hold their goal.`,
    table([
      [`shapes (${settings.users} users, no cache)`, 'hold', 'p50, range', 'worst p99', 'worst shape'],
      ...groups.flatMap(([begin, meaning]) => {
        const own = shapes.filter(({ name }) => name.startsWith(begin));
        return own.length > 0 ? [groupRow(meaning, own)] : [];
      }),
    ]),
    table([
      ['check', 'result', 'goal', 'holds'],
      ...checks.map(({ name, found, goal, holds }) => [
        ...[name, found, goal],
        holds === null ? '' : holds ? 'yes' : 'no',
      ]),
    ]),
    '<details><summary>Shapes that do not hold their goal</summary>',
    table([['shape', 'measured', 'access path', 'slowest request'], ...missed.map(missedRow)]),
    '</details>',
  ].join('\n\n');
}

function groupRow(meaning: string, shapes: StoredShape[]): string[] {
  const measured = shapes.flatMap(({ name, latency }) => (latency ? [{ name, latency }] : []));
  const medians = measured.map(({ latency }) => latency.p50);
  const worst = measured.toSorted((a, b) => b.latency.p99 - a.latency.p99)[0];
  return [
    meaning,
    `${shapes.filter(({ holds }) => holds).length} of ${shapes.length}`,
    `${short(Math.min(...medians))} to ${short(Math.max(...medians))} ms`,
    worst ? `${short(worst.latency.p99)} ms` : '',
    worst?.name.replace(/^[^:]*: /, '') ?? '',
  ];
}

function missedRow({ name, latency, failures, accessPaths = {}, slowest: [slow] }: StoredShape): string[] {
  const figures = latency ? [`p50 ${short(latency.p50)}, p99 ${short(latency.p99)} ms`] : [];
  if (failures > 0) figures.push(`${failures} failed`);
  const query = slow && inRow(decodeURIComponent(slow.path.split('?')[1] ?? ''));
  const paths = byFrequency([accessPaths]).join(', ') || notRecorded;
  return [name, figures.join(', '), paths, slow ? `\`${query}\` ${short(slow.ms)} ms` : ''];
}

/** Text as code in a table row: `|` is escaped; others that would end either are percent-encoded. */
const inRow = (text: string) =>
  text.replaceAll('|', '\\|').replace(/[\p{Cc}\p{Zl}\p{Zp}`]/gu, (one) => encodeURIComponent(one));
