import type { RunningServer } from '../../servers.ts';
import { realCursors } from './cursors.ts';
import { exchange } from './exchange.ts';
import { type Input, inputs } from './inputs.ts';
import { faultOf } from './judge.ts';

/** The findings of an attack. */
export interface Damage {
  /** inputs by their kind */
  sent: Record<string, number>;
  /** answers by status; 0 for no answer */
  statuses: Record<string, number>;
  faults: number;
  /** the first few, each with its input */
  examples: string[];
  /** MiB of the server's own memory, sampled in the second half */
  megabytes: number[];
}

const users = 16;
const mostExamples = 20;

/** Sends `count` inputs derived from `seed` to a server. The first half brings its memory to its steady level. */
export async function attack(
  server: Pick<RunningServer, 'base' | 'assertAlive' | 'usage'>,
  count: number,
  seed: number,
): Promise<Damage> {
  const port = Number(new URL(server.base).port);
  const source = inputs(seed, await realCursors(server.base));
  const damage: Damage = { sent: {}, statuses: {}, faults: 0, examples: [], megabytes: [] };
  const fault = (what: string) => {
    damage.faults += 1;
    if (damage.examples.length < mostExamples) damage.examples.push(what);
  };
  let sent = 0;

  const send = async (input: Input) => {
    damage.sent[input.kind] = (damage.sent[input.kind] ?? 0) + 1;
    const reply = await exchange(port, input).catch((error: Error) => error);
    const found = reply instanceof Error ? reply.message : faultOf(input, reply);
    if (found) fault(`${input.kind}: ${found} <- ${JSON.stringify(input.bytes.toString('latin1', 0, 500))}`);
    const statuses =
      reply instanceof Error || reply.answers.length === 0 ? [0] : reply.answers.map(({ status }) => status);
    for (const status of statuses) damage.statuses[status] = (damage.statuses[status] ?? 0) + 1;
  };
  const user = async () => {
    while (sent < count) {
      const number = ++sent;
      await send(source.next().value);
      if (number % Math.ceil(count / 20) === 0) await look();
    }
  };
  const look = async () => {
    server.assertAlive();
    const response = await fetch(`${server.base}/health`, { signal: AbortSignal.timeout(5_000) }).catch(
      () => null,
    );
    if (response?.status !== 200) fault('/health does not answer');
    const bytes = server.usage()?.ownBytes;
    if (bytes && sent >= count / 2) damage.megabytes.push(Math.round(bytes / 2 ** 20));
  };
  await Promise.all(Array.from({ length: users }, user));
  await look();
  return damage;
}
