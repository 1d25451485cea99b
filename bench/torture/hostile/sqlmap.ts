import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/services/command.ts';

/** A request. sqlmap tries each of its parts, and each `*` in its path or headers. */
export interface Target {
  method: string;
  path: string;
  /** JSON */
  body?: string;
  headers?: string[];
}

const api = '/api/v1/customers';
const person = JSON.stringify({
  ...{
    first_name: 'Ada',
    last_name: 'Lovelace',
    gender: 'female',
    phone_number: '+4917012345678',
    birthday: '1990-12-10',
  },
  address: { country: 'Testland', city: 'Someplace', city_code: '12345', street: 'Way', street_number: '1' },
  relationship: { points: 5, last_activity: '2024-01-01T00:00:00Z' },
});

/** Every parameter of a list, with values that match some rows, and every field of a body. */
export const targets: readonly Target[] = [
  {
    method: 'GET',
    path: `${api}?first_name=a&last_name=a&sort_by=points&ordering=ascending&page_size=5&page=1&count=exact`,
  },
  { method: 'GET', path: `${api}?country=a&city=a&city_code=1&street=a&street_number=1&has_address=true` },
  { method: 'GET', path: `${api}?search=a&sort_by=relevance` },
  { method: 'GET', path: `${api}?customer_id=a&phone_number=1&gender=male&min_points=1&max_points=40000` },
  {
    method: 'GET',
    path: `${api}?birthday_after=1950-01-01&birthday_before=2010-01-01&created_after=2000-01-01&created_before=2040-01-01`,
  },
  {
    method: 'GET',
    path: `${api}?last_updated_after=2000-01-01&last_updated_before=2040-01-01&active_from=2000-01-01&active_before=2040-01-01`,
  },
  { method: 'GET', path: `${api}?cursor=W10.abc` },
  { method: 'GET', path: `${api}/1*`, headers: ['If-None-Match: a*', 'Traceparent: a*'] },
  { method: 'POST', path: api, body: person },
  { method: 'PATCH', path: `${api}/1`, body: person },
  { method: 'DELETE', path: `${api}/2*` },
];

/** Runs sqlmap (https://sqlmap.org) on a request. Returns the injection points found, and the number of tests tried. */
export async function inject(
  bin: string,
  base: string,
  { method, path, body, headers = [] }: Target,
  { level }: { level: number },
): Promise<{ tried: number; found: string[] }> {
  const output = mkdtempSync(join(tmpdir(), 'sqlmap-'));
  const args =
    `--batch --disable-coloring --flush-session --dbms=postgresql --ignore-code=* --level=${level} --output-dir`.split(
      ' ',
    );
  const data = body === undefined ? [] : ['--data', body];
  const lines = body === undefined ? headers : ['Content-Type: application/json', ...headers];
  const about = lines.flatMap((line) => ['--header', line]);
  const result = await run(join(bin, 'sqlmap'), [
    ...args,
    ...[output, '--method', method, '--url', base + path, ...data, ...about],
  ]);
  rmSync(output, { recursive: true });
  const tried = [...result.output.matchAll(/testing '/g)].length;
  if (tried === 0) throw new Error(`sqlmap tried nothing: ${result.output.slice(-500)}`);
  // Each injection point begins with the name of its parameter. Its kind and payload follow.
  const found = [...result.output.matchAll(/^Parameter: .*(?:\n +.*)*/gm)].map(([point]) => point);
  return { tried, found };
}
