import { Stop } from '../../src/cli/command.ts';
import { connected } from '../../src/server/connection.ts';
import { startChild } from '../children.ts';
import type { Job, Line } from '../latency/main.ts';
import { runK6 } from '../load/run.ts';
import { quieten } from '../quiet.ts';
import type { Contestant, LatencyRound, LoadRound } from '../report/results.ts';
import { type Room, type RunningServer, startServer } from '../servers.ts';
import type { Stage } from '../stage.ts';

export const contestants: Record<Contestant, { room: Room; environment: Record<string, string> }> = {
  naive: { room: 'naive', environment: {} },
  // The design alone: every answer comes from PostgreSQL.
  optimized: { room: 'optimized', environment: { CACHE: 'off' } },
  // As its users get it.
  cached: { room: 'optimized', environment: { CACHE: 'full' } },
};

/** Which contestant is measured in which round. Every second round reverses the order. */
export function turns<Who extends Contestant>(
  who: readonly Who[],
  rounds: number,
): { contestant: Who; round: number }[] {
  return Array.from({ length: rounds }, (_, index) => {
    const order = index % 2 === 0 ? who : who.toReversed();
    return order.map((contestant) => ({ contestant, round: index + 1 }));
  }).flat();
}

/** Runs `use` on a new server, which is stopped afterwards. */
async function onFreshServer<T>(
  contestant: Contestant,
  { services, db, environment }: Stage,
  settings: Record<string, string>,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  const { room, environment: own } = contestants[contestant];
  const server = await startServer(room, { ...environment, ...settings, ...own });
  try {
    const result = await use(server);
    server.assertAlive();
    return result;
  } finally {
    await server.stop();
    // Statements of cut-off requests would slow down the next server.
    await connected({ ...services.postgres, database: 'postgres' }, (admin) =>
      quieten(admin, `${db}_${room}`),
    );
  }
}

/** Measures latencies in a separate process. Throws Stop at an unexpected answer. */
export function latencyRound(
  turn: { contestant: Contestant; round: number },
  stage: Stage,
  job: Omit<Job, 'base' | 'room'>,
  onLine: (line: Line) => void,
): Promise<LatencyRound[]> {
  const patience = { STATEMENT_TIMEOUT: `${job.cutoff}` };
  return onFreshServer(turn.contestant, stage, patience, async ({ base, room, lastWords }) => {
    const lines: Line[] = [];
    const child = startChild(
      [process.execPath, 'bench/latency/main.ts', JSON.stringify({ ...job, base, room })],
      {
        onLine(text) {
          if (!text.startsWith('{')) return;
          lines.push(JSON.parse(text) as Line);
          onLine(lines.at(-1)!);
        },
      },
    );
    if ((await child.exited) !== 0) {
      const why = child.lastLines(1).join('') || 'no output';
      throw new Stop(
        `Measuring ${turn.contestant} failed: ${why} | last output of the server: ${lastWords()}`,
      );
    }
    return lines.map((line) => ({ ...line, ...turn }));
  });
}

/** Runs a k6 scenario. Failed requests are part of the result. */
export function loadRound(
  turn: { contestant: Contestant; round: number },
  stage: Stage,
  {
    k6,
    scenario,
    users,
    settings,
  }: { k6: string; scenario: LoadRound['scenario']; users: number; settings: Record<string, string> },
): Promise<LoadRound> {
  return onFreshServer(turn.contestant, stage, {}, async (server) => {
    const result = await runK6(k6, scenario, { BASE: server.base, USERS: `${users}`, ...settings });
    return { ...turn, scenario, users, ...result, usage: server.usage() };
  });
}
