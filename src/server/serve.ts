import type { AnyElysia } from 'elysia';
import pino from 'pino';
import { startServices } from '../services/index.ts';
import { type Config, ConfigError, readConfig } from './config.ts';

/** The log of a server: JSON lines on standard error. */
export const createLog = (config: Pick<Config, 'logLevel'>, room: string) =>
  pino({ level: config.logLevel, base: { room, pid: process.pid } }, pino.destination(2));

/** Ends the process with one line for whoever started it. */
export function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** Reads the settings and starts or finds PostgreSQL and Redis; a bad setting or missing part ends the process with one line. */
export async function prepare(defaults: { port: number }) {
  try {
    const config = readConfig(defaults);
    return { config, services: await startServices(config) };
  } catch (error) {
    return fail(
      error instanceof ConfigError ? error.message : `Cannot start the services: ${(error as Error).message}`,
    );
  }
}

/**
 * Serves `app` until SIGINT or SIGTERM; then takes no new connection, lets the requests under way end (10 s at
 * the most) and calls `close`. `reusePort` is off, or a second server would silently take half of the requests.
 */
export function serve(
  app: AnyElysia,
  { config, room, close }: { config: Config; room: string; close: () => Promise<unknown> },
) {
  try {
    app.listen({ port: config.port, hostname: config.host, reusePort: false, idleTimeout: 60 });
  } catch (error) {
    const taken = (error as { code?: string }).code === 'EADDRINUSE';
    fail(
      taken
        ? `Port ${config.port} on ${config.host} is taken by another process; end it or set PORT.`
        : `Cannot listen on ${config.host}:${config.port}: ${(error as Error).message}`,
    );
  }
  console.log(`${room} listens on http://${config.host}:${config.port} (docs: /api/swagger)`);
  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    await Promise.race([app.server?.stop(), Bun.sleep(10_000)]);
    await Promise.race([close(), Bun.sleep(2_000)]);
    process.exit(0);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
