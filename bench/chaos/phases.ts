import { random } from '../generate/random.ts';
import { requests } from '../requests.ts';
import { quantile } from '../statistics.ts';
import { readVocabulary } from '../vocabulary.ts';
import { type Fault, holding } from './faults.ts';
import { p99 } from './findings.ts';
import { ask, type Ground, list } from './ground.ts';
import { readFavourites, reading, untilShown } from './readers.ts';
import { createRegister, type Register, writing } from './writers.ts';

// The parts of a run. Each tests some promises.

const clock = ({ enough }: Ground, seconds: number) => {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() >= end || enough();
};

/** Two registers for each server, and one written by SQL. */
export const registersOf = (ground: Ground): Register[] => [
  ...[0, 1, 2, 3].map((i) => createRegister(() => ground.servers[i % ground.servers.length]!)),
  createRegister(null),
];

/** Promises 1 to 4: writers and readers of all registers, while statements are held open. */
export async function writeAndRead(ground: Ground, registers: Register[], seconds: number): Promise<void> {
  const until = clock(ground, seconds);
  await Promise.all([
    // The writer reads twice right away, so that its server has cache entries that the next write invalidates.
    ...registers.map((register, i) =>
      writing(ground, register, until, 40, async () => {
        for (const _ of [1, 2])
          await readFavourites(ground, register, ground.servers[i % ground.servers.length]!);
      }),
    ),
    ...[1, 2, 3, 4].map((reader) => reading(ground, registers, until, { reader })),
    holding(ground, until),
  ]);
}

/** Promises 2 and 4: how soon a server shows a write by another server, or by SQL. */
export async function watch(ground: Ground, seconds: number): Promise<void> {
  const until = clock(ground, seconds);
  const registers = [createRegister(() => ground.servers[0]!), createRegister(null)];
  await Promise.all(
    registers.map((register) =>
      writing(ground, register, until, 5, (acked) => untilShown(ground, register, ground.servers[1]!, acked)),
    ),
  );
  for (const promise of [2, 4] as const) {
    const { windows } = ground.findings.of(promise);
    ground.findings.figure(
      promise,
      `${windows.length} writes watched, p50 ${quantile(windows, 0.5).toFixed(1)} ms`,
    );
    if (promise === 2 && p99(windows) > 50)
      ground.findings.violation(
        2,
        `p99 of the time until another server shows a write: ${p99(windows).toFixed(1)} ms`,
      );
  }
}

/** Promise 5: 50 writes a second, and lists drawn by Zipf's law. At the end no cached page may be outdated. */
export async function stayWarm(ground: Ground, registers: Register[], seconds: number): Promise<void> {
  const { findings, servers, plain, seed } = ground;
  const vocabulary = await readVocabulary(plain.base);
  const paths: string[] = [];
  for (const { path, status } of requests(seed, vocabulary)) {
    if (status === 200) paths.push(path);
    if (paths.length === 500) break;
  }
  const draw = random(seed);
  // Draws a rank with a probability proportional to 1/rank.
  const zipf = () => Math.min(paths.length - 1, Math.floor((paths.length + 1) ** draw.float()) - 1);
  const readers = async (until: () => boolean, count: (hit: boolean) => void) => {
    while (!until()) {
      const answer = await ask(draw.pick(servers), paths[zipf()]!);
      if (answer.status !== 200) findings.violation(5, `a list: ${answer.status}`);
      count(/hit|collapsed/.test(answer.cache));
    }
  };
  const run = async (duration: number) => {
    let [hits, all] = [0, 0];
    const until = clock(ground, duration);
    const before = registers.reduce((sum, { writes }) => sum + writes, 0);
    await Promise.all([
      ...registers.map((register) => writing(ground, register, until, (1000 * registers.length) / 50)),
      ...[1, 2, 3, 4].map(() =>
        readers(until, (hit) => {
          all += 1;
          hits += Number(hit);
        }),
      ),
    ]);
    const writes = registers.reduce((sum, { writes }) => sum + writes, 0) - before;
    return { hits, all, writes };
  };
  for (const path of paths) for (const server of servers) await ask(server, path);
  await run(seconds / 6); // to warm up
  const { hits, all, writes } = await run((5 * seconds) / 6);
  findings.operation(5, all);
  const share = (100 * hits) / all;
  findings.figure(
    5,
    `${share.toFixed(1)} % hits of ${Math.round((1.2 * all) / seconds)} lists/s at ${Math.round((1.2 * writes) / seconds)} writes/s`,
  );
  if (share < 90) findings.violation(5, `only ${share.toFixed(1)} % of the requests were hits`);
  await compare(ground, paths);
}

/** With no writes running, every page must equal that of the server without a cache. */
async function compare({ servers, plain, findings }: Ground, paths: string[]): Promise<void> {
  await Bun.sleep(200);
  const said = (text: string) => text.slice(0, text.lastIndexOf(',"performance"'));
  const local = (text: string, base: string) => said(text).replaceAll(base, '');
  for (const path of paths) {
    const expected = await ask(plain, path);
    for (const server of servers) {
      const answer = await ask(server, path);
      findings.operation(5);
      if (local(answer.text, server.base) !== local(expected.text, plain.base))
        findings.violation(5, `${path} differs from the server without a cache (${answer.cache})`);
    }
  }
}

/** Promise 6: 1000 concurrent requests for one page that a write has just invalidated. */
export async function crowd(ground: Ground, rounds: number): Promise<void> {
  const { findings, servers } = ground;
  const register = createRegister(() => servers[0]!);
  for (let round = 0; round < rounds; round++) {
    let written = false;
    await writing(
      ground,
      register,
      () => written,
      0,
      async () => {
        written = true;
      },
    );
    const path = `${list}?city=${register.city}&sort_by=points&page_size=50`;
    const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(servers[0]!, path)));
    findings.operation(6, answers.length);
    findings.fault(6);
    const read = answers.filter(({ cache }) => cache.includes('stored')).length;
    const failed = answers.filter(({ status }) => status !== 200).length;
    if (read > 1 || failed > 0)
      findings.violation(6, `${read} database reads and ${failed} failures for 1000 concurrent requests`);
  }
}

/** Promise 7: far more different pages than the cache holds, mixed with popular ones. */
export async function hostile(ground: Ground, count: number): Promise<void> {
  const { findings, servers } = ground;
  const server = servers[0]!;
  const popular = Array.from({ length: 20 }, (_, i) => `${list}?page_size=10&sort_by=city&page=${i + 1}`);
  for (const path of [...popular, ...popular]) await ask(server, path);
  let [next, kept] = [0, 0];
  const filler = async () => {
    while (next < count) {
      const n = next++;
      const path = `${list}?page_size=100&page=${1 + (n % 20)}&sort_by=points&max_points=${100_000 + Math.floor(n / 20)}`;
      await ask(server, path);
      if (n % 50 === 0) await ask(server, popular[(n / 50) % popular.length]!);
      findings.operation(7);
    }
  };
  await Promise.all([1, 2, 3, 4].map(filler));
  for (const path of popular) kept += Number((await ask(server, path)).cache.includes('local'));
  const metrics = (await ask(server, '/metrics')).text;
  const bytes = Number(/^cache_bytes (\d+)/m.exec(metrics)?.[1]);
  findings.figure(
    7,
    `${count} different pages of 100: ${(bytes / 2 ** 20).toFixed(1)} MB cached, ${kept} of 20 popular pages still cached`,
  );
  if (!(bytes <= 64 * 2 ** 20)) findings.violation(7, `${bytes} bytes are cached`);
  if (kept < 19) findings.violation(7, `${20 - kept} of 20 popular pages were evicted`);
}

/** Promises 2, 3 and 8: a fault under load, and the recovery. */
export async function suffer(
  ground: Ground,
  registers: Register[],
  fault: Fault,
  seconds: number,
): Promise<void> {
  const { findings } = ground;
  let over = false;
  const readers = [5, 6, 7, 8].map((reader) => reading(ground, registers, () => over, { reader, pause: 2 }));
  const writers = registers.map((register) => writing(ground, register, () => over, 60));
  const before = await timesOfMisses(ground, fault.name, seconds / 2);
  findings.fault(8);
  await fault.begin(ground);
  if (fault.silences) ground.redisDown = performance.now();
  const during = await timesOfMisses(ground, fault.name, seconds);
  ground.redisDown = null;
  await fault.mend(ground);
  const back = performance.now();
  over = true;
  await Promise.all([...readers, ...writers]);
  const normal = await untilNormal(ground, back);
  const [usual, typical] = [quantile(before, 0.5), quantile(during, 0.5)];
  findings.figure(
    8,
    `${fault.name}: p50 ${typical.toFixed(1)} ms (before ${usual.toFixed(1)}), worst ${Math.max(...during).toFixed(0)} ms (${Math.max(...before).toFixed(0)}), normal ${Math.round(normal)} ms after the fault`,
  );
  // Waiting for Redis would add 50 ms to each request.
  if (typical > usual + 40)
    findings.violation(8, `${fault.name}: ${(typical - usual).toFixed(0)} ms more per request`);
  if (normal > 2000) findings.violation(8, `${fault.name}: not normal 2 s after the fault`);
}

let missed = 0;

/** ms of requests that no cache can answer: they query Redis and then the database. */
async function timesOfMisses(ground: Ground, name: string, seconds: number): Promise<number[]> {
  const { servers, findings } = ground;
  const times: number[] = [];
  for (const until = clock(ground, seconds); !until(); ) {
    const path = `${list}?page_size=5&max_points=${1_000_000 + missed++}`;
    const { status, sent, answered } = await ask(servers[missed % servers.length]!, path);
    if (status !== 200) findings.violation(8, `${name}: a list is answered with ${status}`);
    times.push(answered - sent);
  }
  return times;
}

/** ms from `back` until every server is ready and answers from its local cache again. */
async function untilNormal({ servers }: Ground, back: number): Promise<number> {
  for (const server of servers) {
    for (;;) {
      await ask(server, list);
      const { cache } = await ask(server, list);
      if (cache.includes('local') && (await ask(server, '/ready')).text.includes('"ready"')) break;
      if (performance.now() - back > 10_000) break;
      await Bun.sleep(20);
    }
  }
  return performance.now() - back;
}

/** Promise 8: a server starts without Redis, and uses Redis once it is available. */
export async function startWithout(ground: Ground): Promise<void> {
  const { findings, redis, start } = ground;
  findings.fault(8);
  await redis.kill();
  const server = await start();
  const { status } = await ask(server, list);
  if (status !== 200) findings.violation(8, `a server started without Redis answers with ${status}`);
  const back = performance.now();
  await redis.restart();
  const normal = await untilNormal({ ...ground, servers: [server] }, back);
  findings.figure(8, `Redis absent at startup: used ${Math.round(normal)} ms after it started`);
  if (normal > 2000) findings.violation(8, 'a Redis that started after the server is not used within 2 s');
  await server.stop();
}
