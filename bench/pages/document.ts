import { fillMarked, table } from '../report/markdown.ts';
import { type About, measuredAt } from '../report/words.ts';
import { median } from '../statistics.ts';
import { short } from '../table.ts';
import { verdictOf } from './print.ts';
import type { Ratio, Turn } from './ratios.ts';

// The tables of docs/page-path.md from a run of `npm run bench -- pages`, so that none of their figures is written by hand.

/** A run as stored in its file. */
export interface PagesRun extends About {
  settings: { customers: number; rounds: number; users: number };
  ratios: Ratio[];
  turns: Turn[];
}

/** Puts the tables of a run between the marks of the document. Throws if it has no marks. */
export const fillPages = (document: string, run: PagesRun): string =>
  fillMarked('docs/page-path.md', document, 'figures', `\n\n${tables(run)}\n\n`);

function tables({ settings, ratios, turns, ...about }: PagesRun): string {
  const { customers, rounds, users } = settings;
  return [
    `${measuredAt(about)}: ` +
      `${customers.toLocaleString('en-US')} customers, ${users} users, medians of ${rounds} rounds.`,
    table([
      ['µs of processor time per request', 'server', 'PostgreSQL', 'client', 'sum', 'requests/s'],
      ...[...Map.groupBy(turns, ({ contestant }) => contestant)].map(([name, own]) => row(name, own)),
    ]),
    table([
      ['ratio', 'median', 'rounds', 'goal', 'holds'],
      ...ratios.map((ratio) => {
        const found = ratio.ratio === null ? 'not measured' : ratio.ratio.toFixed(2);
        const { goal, holds } = verdictOf(ratio);
        return [ratio.question, found, ratio.rounds.map((one) => one.toFixed(2)).join(', '), goal, holds];
      }),
    ]),
  ].join('\n\n');
}

function row(name: string, turns: Turn[]): string[] {
  const of = (figure: (turn: Turn) => number | null) => {
    const known = turns.flatMap((turn) => figure(turn) ?? []);
    return known.length > 0 ? median(known) : null;
  };
  const parts = [of(({ cpu }) => cpu), of(({ database }) => database), of(({ client }) => client)];
  const sum = parts.reduce((all, part) => (all === null || part === null ? null : all + part), 0);
  const cells = [...parts, sum].map((value) => (value === null ? '–' : short(value)));
  return [name, ...cells, short(of(({ rate }) => rate)!)];
}
