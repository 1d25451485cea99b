import { commit, machine } from './machine.ts';

/**
 * Writes what a run measured as JSON, with the machine, the commit and the time; says where. Without a `file` of the
 * user's it is `.data/bench/NAME-DATE.json`.
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

/** Writes what a run measured as JSON, where a file is wanted. */
export async function writeJson(file: string | undefined, figures: object): Promise<void> {
  if (file) await Bun.write(file, `${JSON.stringify(figures, null, 1)}\n`);
}
