import { commit, machine } from './machine.ts';

/**
 * Writes the figures of a run as JSON, with the machine, the commit and the time, and prints the path. The default of
 * `file` is `.data/bench/NAME-DATE.json`.
 */
export async function writeFigures(
  name: string,
  started: Date,
  file: string | undefined,
  figures: object,
): Promise<void> {
  const date = started.toISOString().slice(0, 19).replaceAll(':', '-');
  const path = file ?? `.data/bench/${name}-${date}.json`;
  const about = { started: started.toISOString(), commit: commit(), machine: machine() };
  await Bun.write(path, `${JSON.stringify({ ...about, ...figures }, null, 1)}\n`);
  console.log(`\nAll figures: ${path}`);
}

/** Writes the figures of a run as JSON, if a file is given. */
export async function writeJson(file: string | undefined, figures: object): Promise<void> {
  if (file) await Bun.write(file, `${JSON.stringify(figures, null, 1)}\n`);
}
