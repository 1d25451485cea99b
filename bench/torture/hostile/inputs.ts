import { type Random, random } from '../../generate/random.ts';
import { body, contentTypes, mutated } from './bodies.ts';
import { altered, forged } from './cursors.ts';
import { ambiguous, hosts, methods, oddChunks, oddHeaders, oddLength, versions } from './heads.ts';
import { listTarget, oddTarget } from './targets.ts';

/** The bytes for a server, sent over a separate connection. */
export interface Input {
  kind: string;
  bytes: Buffer;
  /** number of answers that ends the exchange; more are read if they come at once */
  answers: number;
  /** the statuses that must come, in this order */
  statuses?: number[];
  /** the most answers allowed: one more shows that two parsers may count different numbers of requests */
  most?: number;
  /** the request is complete: it must be answered */
  complete?: true;
}

const host = 'host: 127.0.0.1\r\n';
const bytes = (text: string) => Buffer.from(text, 'latin1');
const one = (text: string) => ({ bytes: bytes(text), answers: 1 });
const whole = (text: string) => ({ ...one(text), complete: true as const });

const withBody = (draw: Random, content: string) => {
  const [method, path] = draw.pick([
    ['POST', '/api/v1/customers'],
    ['PATCH', `/api/v1/customers/${draw.int(1, 50)}`],
  ] as const);
  const type = draw.pick(contentTypes);
  const about = `content-type: ${type}\r\ncontent-length: ${content.length}\r\n`;
  return `${method} ${path} HTTP/1.1\r\n${host}${about}\r\n${content}`;
};

function smuggled(draw: Random) {
  const hidden = `GET /health HTTP/1.1\r\n${host}\r\n`;
  const content = `0\r\n\r\n${hidden}`;
  const length = draw.pick([5, 5, content.length, content.length + 5]);
  const line = draw.pick(ambiguous).replaceAll('LENGTH', String(length));
  const about = `${host}content-type: application/json\r\n${line}\r\n\r\n`;
  return { ...one(`POST /api/v1/customers HTTP/1.1\r\n${about}${content}`), most: 1 };
}

const framed = (draw: Random) => {
  const body = draw.chance(0.5) ? oddChunks(draw) : oddLength(draw);
  return one(`POST /api/v1/customers HTTP/1.1\r\n${host}content-type: application/json\r\n${body}`);
};

const known: [target: string, status: number][] = [
  ['/health', 200],
  ['/api/v1/customers?page_size=1', 200],
  ['/api/v1/customers?page_size=x', 422],
  ['/api/v1/customers?first_name=an&count=none&page_size=2', 200],
  ['/nope', 404],
  ['/api/v1/customers/9223372036854775807', 404],
];

function pipelined(draw: Random) {
  const requests = Array.from({ length: draw.int(2, 12) }, () => draw.pick(known));
  const text = requests.map(([target]) => `GET ${target} HTTP/1.1\r\n${host}\r\n`).join('');
  const statuses = requests.map(([, status]) => status);
  return {
    bytes: bytes(text),
    answers: requests.length,
    statuses,
    most: requests.length,
    complete: true as const,
  };
}

const get = (target: string, headers = host) => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;

/** Endless inputs derived from a seed. `cursors` are queries with cursors that the server issued. */
export function* inputs(seed: number, cursors: string[]): Generator<Input, never> {
  const draw = random(seed);
  const kinds: [weight: number, kind: string, make: () => Omit<Input, 'kind'>][] = [
    [30, 'query', () => whole(get(listTarget(draw)))],
    [12, 'cursor altered', () => whole(get(`/api/v1/customers?${altered(draw, draw.pick(cursors))}`))],
    [8, 'cursor forged', () => whole(get(`/api/v1/customers?${forged(draw)}`))],
    [20, 'body', () => one(withBody(draw, body(draw)))],
    [10, 'path', () => one(`${draw.pick(methods)} ${oddTarget(draw)}${draw.pick(versions)}\r\n${host}\r\n`)],
    [
      6,
      'host',
      () =>
        whole(get(draw.chance(0.5) ? listTarget(draw) : oddTarget(draw), `host: ${draw.pick(hosts)}\r\n`)),
    ],
    [6, 'header', () => whole(get(draw.pick(known)[0], host + oddHeaders(draw)))],
    [3, 'smuggling', () => smuggled(draw)],
    [3, 'framing', () => framed(draw)],
    [4, 'pipelining', () => pipelined(draw)],
    [
      5,
      'mutation',
      () => one(mutated(draw, draw.chance(0.5) ? get(listTarget(draw)) : withBody(draw, body(draw)))),
    ],
    [
      1,
      'noise',
      () =>
        one(Array.from({ length: draw.int(1, 300) }, () => String.fromCharCode(draw.int(0, 255))).join('')),
    ],
  ];
  const weighted = kinds.map(([weight, kind, make]) => [weight, { kind, make }] as const);
  for (;;) {
    const { kind, make } = draw.weighted(weighted);
    yield { kind, ...make() };
  }
}
