import { type Room, rooms } from '../../servers.ts';
import { type Check, createFailures, type Outcome } from '../check.ts';
import type { Ground } from '../ground.ts';
import { attack } from './attack.ts';
import { conform } from './schemathesis.ts';
import { inject, targets } from './sqlmap.ts';
import { attackTools } from './tools.ts';

const token = 'a-token-of-the-torture';

/** Sends hostile bytes over sockets. */
const attacked = (room: Room): Check => ({
  ...{ group: 'hostile', name: `${room}, hostile inputs` },
  async run(ground) {
    const server = await ground.start(room, { POSTGRES_DB: ground.few });
    const { sent, statuses, faults, examples, megabytes } = await attack(
      server,
      ground.quick ? 5_000 : 100_000,
      ground.seed,
    );
    const failures = createFailures(20);
    for (const example of examples) failures.add('wrong answer', example);
    failures.expect(!/unexpected error/.test(server.lastWords()), 'an error in the log', server.lastWords());
    const [least, most] = [Math.min(...megabytes), Math.max(...megabytes)];
    failures.expect(most <= 1.5 * least + 32, 'memory grows', `${megabytes.join(', ')} MiB`);
    const inputs = Object.values(sent).reduce((sum, count) => sum + count, 0);
    const answers = Object.entries(statuses).map(
      ([status, count]) => `${status === '0' ? 'none' : status} ${count}`,
    );
    const counts = {
      inputs,
      'wrong answers': faults,
      answers: answers.join(' '),
      MiB: `${least} to ${most}`,
    };
    return { counts, failures: failures.all() };
  },
});

/** Checks the answers of two servers, one with a token, against their documents at the same time. */
const conforming = (room: Room): Check => ({
  ...{ group: 'hostile', name: `${room}, Schemathesis` },
  run: (ground) =>
    withTools(async (bin) => {
      const [counts, failures] = [{ cases: 0, findings: 0 }, createFailures(20)];
      const ask = async (each: string | null) => {
        // No load shedding: the two runs alone keep the machine busy.
        const settings = { POSTGRES_DB: ground.few, API_TOKEN: each ?? '', WAIT_LIMIT: '0' };
        const { base } = await ground.start(room, settings);
        const options = { examples: ground.quick ? 5 : 150, seed: ground.seed, token: each };
        const { cases, findings } = await conform(bin, base, options);
        counts.cases += cases;
        counts.findings += findings.length;
        for (const finding of findings) failures.add('finding', finding);
      };
      await Promise.all([null, token].map(ask));
      return { counts, failures: failures.all() };
    }),
});

/** Tries SQL in every parameter and field. */
const injected = (room: Room): Check => ({
  ...{ group: 'hostile', name: `${room}, sqlmap` },
  run: (ground: Ground) =>
    withTools(async (bin) => {
      const [counts, failures] = [{ requests: 0, tests: 0, injections: 0 }, createFailures(20)];
      const { base } = await ground.start(room, { POSTGRES_DB: ground.few });
      for (const target of targets) {
        const { tried, found } = await inject(bin, base, target, { level: ground.quick ? 1 : 2 });
        counts.requests += 1;
        counts.tests += tried;
        counts.injections += found.length;
        for (const point of found) failures.add('injection', `${target.method} ${target.path} ${point}`);
      }
      return { counts, failures: failures.all() };
    }),
});

async function withTools(work: (bin: string) => Promise<Outcome>): Promise<Outcome> {
  const tools = await attackTools();
  return 'missing' in tools ? { counts: {}, failures: [], skipped: tools.missing } : work(tools.bin);
}

export const hostile: readonly Check[] = rooms.flatMap((room) => [
  attacked(room),
  conforming(room),
  injected(room),
]);
