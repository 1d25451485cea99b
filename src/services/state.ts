import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './place.ts';

/** What was started from a data folder. It only saves a search; whether a server is alive is always checked. */
export interface State {
  place?: Place;
  postgresPort?: number;
  throwaway?: boolean;
  /** a replica was requested; it follows until the services are stopped */
  replica?: boolean;
}

export function readState(dataDir: string): State {
  try {
    const { dataDir: owner, ...state } = JSON.parse(readFileSync(file(dataDir), 'utf8'));
    // In a copied folder it describes the servers of the original.
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
