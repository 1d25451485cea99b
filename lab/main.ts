import { population, setStage } from '../bench/stage.ts';
import { command, run, Stop } from '../src/cli/command.ts';
import * as option from '../src/cli/options.ts';
import { readConfig } from '../src/server/config.ts';
import { serveLab } from './server.ts';

const program = command(
  'lab',
  'Serves a page that sends each request to both servers and shows their answers side by side, with times, statements and plans. It can also put load on both servers, and stop and restart either. Ctrl-C ends it. The page listens on 127.0.0.1 only. It uses the databases of the benchmarks; yours are not touched.',
)
  .addOption(option.customers(100_000))
  .addOption(option.data)
  .addOption(option.seed(1))
  .addOption(option.port)
  .action(async ({ customers, data, seed, port = readConfig({ port: 0 }).labPort }) => {
    assertFree(port);
    const stage = await setStage(customers, { data, seed });
    const { url } = await serveLab(stage, port);
    console.log(`The lab is at ${url} (${population(stage)}). Ctrl-C ends it.`);
    return new Promise<void>(() => {});
  });

/** Runs first: an error about the port must not come after minutes. */
function assertFree(port: number): void {
  try {
    Bun.listen({ hostname: '127.0.0.1', port, socket: { data() {} } }).stop(true);
  } catch {
    throw new Stop(
      `Port ${port} cannot be used: another process has it. End that one, or name another with --port.`,
    );
  }
}

if (import.meta.main) await run(program);
