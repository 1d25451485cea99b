import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';

/** What was started from a data folder. It saves looking for it; what is alive is always asked anew. */
export interface State {
  place?: Place;
  postgresPort?: number;
  throwaway?: boolean;
  /** a replica was asked for, and follows until the services are stopped */
  replica?: boolean;
}

export function readState(dataDir: string): State {
  try {
    const { dataDir: owner, ...state } = JSON.parse(readFileSync(file(dataDir), 'utf8'));
    // In a folder that was copied it tells of the servers of the original.
    return owner === dataDir ? state : {};
  } catch {
    return {};
  }
}

export function writeState(dataDir: string, state: State): void {
  const half = `${file(dataDir)}.new`;
  writeFileSync(half, `${JSON.stringify({ dataDir, ...state }, null, 2)}\n`, { mode: 0o600 });
  renameSync(half, file(dataDir));
}

function file(dataDir: string): string {
  return join(dataDir, 'services.json');
}
