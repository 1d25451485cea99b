import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop } from '../../src/cli/command.ts';
import { findOnPath } from '../../src/services/command.ts';
import { type Child, startChild } from '../children.ts';
import { freePort } from '../servers.ts';

const config = join(import.meta.dir, '../../deploy/nginx.conf');

/** nginx with the settings of deploy/nginx.conf, in front of servers on this machine. */
export interface Nginx {
  /** `http://127.0.0.1:PORT` */
  base: string;
  /** SIGHUP: starts new workers; the old ones finish their requests. */
  reload(): void;
  /** SIGQUIT: finishes in-flight requests, then ends. */
  quit(): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** The path of nginx; null if not installed. Debian's is in a folder that not every account has in its PATH. */
export const nginxPath = (): string | null => findOnPath('nginx') ?? findOnPath('/usr/sbin/nginx');

/** Starts nginx in front of the two servers. */
export async function startNginx(path: string, servers: { port: number }[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  chmodSync(folder, 0o755); // if this process is root, the workers run as another user
  const port = freePort();
  const [one, other] = servers;
  const text = readFileSync(config, 'utf8')
    .replaceAll('/tmp/nginx/', `${folder}/`)
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replace('optimized-2:8000', `127.0.0.1:${other!.port}`)
    .replace('optimized:8000', `127.0.0.1:${one!.port}`);
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, text);
  let child: Child;
  const start = async () => {
    child = startChild([path, '-p', folder, '-c', file, '-g', 'daemon off;']);
    for (const until = performance.now() + 10_000; performance.now() < until; await Bun.sleep(10)) {
      if (!child.running()) break;
      if (await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => null)) return;
    }
    await child.stop();
    throw new Stop(`nginx does not start: ${child.lastLines().join(' | ')}`);
  };
  await start();
  const quit = async () => {
    process.kill(child.pid, 'SIGQUIT');
    await child.exited;
  };
  return {
    base: `http://127.0.0.1:${port}`,
    reload: () => void process.kill(child.pid, 'SIGHUP'),
    ...{ quit, start },
    async remove() {
      await child.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
