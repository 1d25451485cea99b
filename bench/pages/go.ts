import { Stop } from '../../src/cli/command.ts';
import { findOnPath, run } from '../../src/services/command.ts';
import { openDataDir } from '../../src/services/place.ts';
import { type Child, startChild } from '../children.ts';
import type { Stage } from '../stage.ts';

/** Builds the Go server (bench/pages/go) into `.data/bin`, where Go is installed; otherwise says why there is none. */
export async function buildGo(): Promise<{ path: string } | { missing: string }> {
  const go = findOnPath('go');
  if (!go) return { missing: 'Go is not installed (go.dev), so there is no net/http + pgx to compare with.' };
  const path = `${openDataDir()}/bin/customers-go`;
  const folder = `${import.meta.dir}/go`;
  const { code, output } = await run(go, ['-C', folder, 'build', '-o', path, '.'], null, '', {});
  if (code === 0) return { path };
  return { missing: `The Go server cannot be built (${output.split('\n').at(-1)}).` };
}

/** Starts it on the optimized database; gives its address. */
export async function startGo(path: string, { environment }: Stage): Promise<{ base: string; child: Child }> {
  let address = (_: string) => {};
  const listening = new Promise<string>((resolve) => {
    address = resolve;
  });
  const child = startChild([path], {
    environment: {
      PGHOST: environment.POSTGRES_HOST!,
      PGPORT: environment.POSTGRES_PORT!,
      PGUSER: environment.POSTGRES_USER!,
      PGPASSWORD: environment.POSTGRES_PASSWORD!,
      PGDATABASE: `${environment.POSTGRES_DB}_optimized`,
    },
    onLine: address,
  });
  const ended = child.exited.then(() => {
    throw new Stop(`The Go server did not start: ${child.lastLines(1).join('')}`);
  });
  const base = await Promise.race([listening, ended]);
  if (!base.startsWith('http://')) throw new Stop(`The Go server did not start: ${base}`);
  ended.catch(() => {});
  return { base, child };
}
