import { startListening } from '../children.ts';
import { type Latency, latency } from '../latency/measure.ts';
import { closedLoop } from './closed-loop.ts';
import { call } from './wire.ts';

/** Figures of the client against a server that does no work: no other figure can be better. */
export interface Floor {
  latency: Latency;
  rate: number;
  /** Processor time of the client for a request. */
  clientMicros: number;
}

/** Measures the client against a bare `Bun.serve` in its own process that sends `body`. */
export async function clientFloor(body: string, users: number, seconds = 1): Promise<Floor> {
  return onBareServer(body, async (base) => {
    await closedLoop(base, [call('/')], { users, seconds: 0.3 });
    const { samples, seconds: took, clientMicros } = await closedLoop(base, [call('/')], { users, seconds });
    const rate = samples.length / took;
    return { latency: latency(samples.map(({ ms }) => ms)), rate, clientMicros };
  });
}

/** Runs `use` with the address and process id of a bare server, which is stopped afterwards. */
export async function onBareServer<T>(
  body: string,
  use: (base: string, pid: number) => Promise<T>,
): Promise<T> {
  const file = `.data/bare-${process.pid}.txt`;
  await Bun.write(file, body);
  const { base, child } = await startListening('bare', [process.execPath, 'bench/client/bare.ts', file]);
  try {
    return await use(base, child.pid);
  } finally {
    await child.stop();
    await Bun.file(file).delete();
  }
}
