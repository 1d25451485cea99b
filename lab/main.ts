import { command, Stop, wholeNumber } from '../bench/command.ts';
import { population, setStage } from '../bench/stage.ts';
import { dataMeaning, readData } from '../src/seed/index.ts';
import { serveLab } from './server.ts';

const usage = `Serves a page on which both servers answer the same request side by side: type, and see the answers, the
time each took, its statements and their plans; put load on both, stop one and start it again. Ctrl-C ends it.

  npm run lab [-- options]

  --customers N   rows in the databases that are made for it (default 100_000)
  --data NAME     ${dataMeaning}
  --seed N        other rows (default 1)
  --port N        of the page (default LAB_PORT or 8080; 0 for any free one)
  --help

The page is for this machine alone (127.0.0.1). Its databases are those of the benchmarks; yours are not touched.`;

async function main(values: Record<string, string | undefined>): Promise<number> {
  const port = wholeNumber('port', values.port ?? (process.env.LAB_PORT?.trim() || undefined), 8080, 0);
  if (port > 65_535) throw new Stop(`--port ${port} cannot be used: it takes a whole number up to 65535.`);
  assertFree(port);
  const customers = wholeNumber('customers', values.customers, 100_000);
  const seed = wholeNumber('seed', values.seed, 1, 0);
  const stage = await setStage(customers, { data: readData(values.data), seed });
  const { url } = await serveLab(stage, port);
  console.log(`The lab is at ${url} (${population(stage)}). Ctrl-C ends it.`);
  return new Promise(() => {});
}

/** Before anything is built: nobody wants to hear of it after minutes. */
function assertFree(port: number): void {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true);
  } catch {
    throw new Stop(
      `Port ${port} cannot be used: another process has it. End that one, or name another with --port.`,
    );
  }
}

if (import.meta.main) {
  const text = { type: 'string' } as const;
  await command(usage, { customers: text, data: text, seed: text, port: text }, main);
}
