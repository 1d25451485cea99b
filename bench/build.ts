import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop } from '../src/cli/command.ts';
import type { Room } from './servers.ts';

/** Both servers as `npm run build` builds them, in a temporary folder. */
export interface BuiltServers {
  /** The script to run instead of `src/ROOM/main.ts`. */
  script(room: Room): string;
  remove(): void;
}

/** Builds both servers with the options of `npm run build`. Throws Stop with the bundler's output. */
export function buildServers(): BuiltServers {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { build: string } };
  const [, , ...options] = scripts.build.split(' ');
  const folder = mkdtempSync(join(tmpdir(), 'milliseconds-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { exitCode, stderr } = Bun.spawnSync([
    process.execPath,
    ...options.map((option) => option.replace(/^--outdir=.*/, `--outdir=${folder}`)),
  ]);
  if (exitCode !== 0) {
    remove();
    throw new Stop(`The servers cannot be built: ${stderr}`);
  }
  return { script: (room) => join(folder, room, 'main.js'), remove };
}
