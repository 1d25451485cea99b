import { findOnPath, run } from '../../src/services/command.ts';
import { openDataDir } from '../../src/services/place.ts';
import { type Child, startListening } from '../children.ts';
import type { Stage } from '../stage.ts';

/** Builds the Go server (bench/pages/go) into `.data/bin`. Without Go, or if the build fails, `missing` says why. */
export async function buildGo(): Promise<{ path: string } | { missing: string }> {
  const go = findOnPath('go');
  if (!go) return { missing: 'Go is not installed (go.dev), so there is no comparison with net/http + pgx.' };
  const path = `${openDataDir()}/bin/customers-go`;
  const folder = `${import.meta.dir}/go`;
  const { code, output } = await run(go, ['-C', folder, 'build', '-o', path, '.'], null, '', {});
  if (code === 0) return { path };
  return { missing: `The Go server cannot be built (${output.split('\n').at(-1)}).` };
}

/** Starts the Go server on the optimized database. */
export const startGo = (path: string, { environment }: Stage): Promise<{ base: string; child: Child }> =>
  startListening('Go', [path], {
    PGHOST: environment.POSTGRES_HOST!,
    PGPORT: environment.POSTGRES_PORT!,
    PGUSER: environment.POSTGRES_USER!,
    PGPASSWORD: environment.POSTGRES_PASSWORD!,
    PGDATABASE: `${environment.POSTGRES_DB}_optimized`,
  });
