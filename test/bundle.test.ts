import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { type BuiltServers, buildServers } from '../bench/build.ts';
import { type RunningServer, startServer } from '../bench/servers.ts';
import { type Copy, copyOf, environmentOf, type Kind, within } from './cluster.ts';
import { insertPeople } from './contract/people.ts';
import { customers } from './rooms.ts';

setDefaultTimeout(60_000);

// The image contains each server in a few files, built as by `npm run build`.

let built: BuiltServers;
beforeAll(() => {
  built = buildServers();
});
afterAll(() => built?.remove());

test('the image and `npm run build` create the same files, and run them', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const [, ofImage] = /^RUN bun (build .*)$/m.exec(dockerfile)!;
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(scripts.build).toBe(`node bin/run.mjs ${ofImage}`);
  expect(dockerfile).toContain('CMD ["bun", "dist/optimized/main.js"]');
  const run = [...readFileSync('compose.yml', 'utf8').matchAll(/command: \[bun, (dist\/\S+)\]/g)];
  expect(new Set(run.map(([, file]) => file))).toEqual(
    new Set(['dist/optimized/main.js', 'dist/naive/main.js']),
  );
});

describe.each(['naive', 'optimized'] as Kind[])('the built %s server', (kind) => {
  let copy: Copy;
  let server: RunningServer;
  beforeAll(async () => {
    copy = await copyOf(kind);
    await within(copy.name, insertPeople);
    server = await startServer(kind, environmentOf(copy), built.script(kind));
  });
  afterAll(async () => {
    await server?.stop();
    await copy?.drop();
  });

  test('answers lists, writes and metrics, and serves its documentation', async () => {
    const { results } = (await (await fetch(`${server.base}${customers}?page_size=2`)).json()) as {
      results: object[];
    };
    expect(results).toHaveLength(2);
    const body = JSON.stringify({ first_name: 'New', last_name: 'One' });
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(server.base + customers, { method: 'POST', headers, body })).status).toBe(201);
    expect((await fetch(server.base + customers, { method: 'POST', headers, body: '{}' })).status).toBe(422);
    for (const path of [
      '/metrics',
      '/api/swagger',
      '/api/swagger/json',
      '/api/swagger/ui.css',
      '/api/swagger/ui.js',
    ])
      expect([path, (await fetch(server.base + path)).status]).toEqual([path, 200]);
  });
});
