// A bare Bun.serve that sends the same body, the content of FILE, to every client: `bun bench/client/bare.ts FILE`. Figures
// of a client against it are the floor of all its figures. It prints its address.
import { readFileSync } from 'node:fs';

const body = readFileSync(process.argv[2]!, 'utf8');
const headers = { 'content-type': 'application/json' };
const { url } = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  idleTimeout: 0,
  fetch: () => new Response(body, { headers }),
});
console.log(url.origin);
