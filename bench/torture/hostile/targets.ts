import { parameters } from '../../../src/contract/parameters.ts';
import { faults } from '../../generate/faults.ts';
import { oddTexts } from '../../generate/odd.ts';
import type { Random } from '../../generate/random.ts';

// Targets of requests: paths and queries. Bytes are written as latin1 strings, one character each.

const api = '/api/v1/customers';

const broken =
  '% %F %FF %zz %C3 %C0%80 %ED%A0%80 %ED%B8%80 %F4%90%80%80 %F0%9F%98 %00 a%00b %u0041 %25 %2525 %0d%0a %0d%0aSet-Cookie:%20a=b + ++ %2B'.split(
    ' ',
  );
const raw = [
  '\xff',
  '\xc3',
  '\xed\xa0\x80',
  '\xf0\x9f\x98\x80',
  '\xe2\x80\xae',
  '\x7f',
  '"',
  '<script>',
  '{}',
  '[]',
  '|',
  '\\',
  '^',
  '`',
  '$x',
];
const unicode = [
  '\u202e',
  '\ufeff',
  '\u0000',
  '\ud83d\ude00',
  '\u0130',
  '\ufb01',
  'Z\u0351\u036b\u0343',
  '\u{10ffff}',
  '\ufffe',
  '\u00ad',
  '\u0f67\u0f71',
  '\u1100\u1161',
  'ß',
  '\u2028',
];
const injections = [
  "'",
  "''",
  "' or 1=1 --",
  "'; select pg_sleep(9); --",
  '" or ""="',
  "') or ('1'='1",
  '$1',
  '$$',
  "\\'",
  "E'\\''",
  '1; drop table customer',
  'a:*',
  '<->',
  '!!',
  '((((',
  '-'.repeat(190),
  '"'.repeat(199),
  'or '.repeat(60),
];

/** A query value: percent-encoded, or (one in ten) with `+` for spaces and its end cut off. */
function encoded(draw: Random, text: string): string {
  const whole = encodeURIComponent(text.toWellFormed());
  return draw.chance(0.9) ? whole : Buffer.from(whole.replaceAll('%20', '+')).toString('latin1').slice(0, -1);
}

function value(draw: Random): string {
  return draw.weighted<() => string>([
    [4, () => draw.pick(broken)],
    [3, () => draw.pick(raw)],
    [4, () => encoded(draw, draw.pick(unicode).repeat(draw.int(1, 80)))],
    [5, () => encoded(draw, draw.pick(injections))],
    [5, () => encoded(draw, draw.pick(oddTexts))],
    [1, () => 'a'.repeat(draw.int(190, 12_000))],
    [
      3,
      () =>
        draw.pick([
          '0',
          '1',
          '-1',
          '1e308',
          '1e999',
          '9'.repeat(30),
          '.',
          '1.',
          '0x1',
          'true',
          'null',
          '0001-01-01',
          '9999-12-31T23:59:59.999999999Z',
          '10000-01-01',
          'infinity',
          '2020-01-01T00:00:00-23:59',
        ]),
    ],
    [
      3,
      () =>
        draw.pick([
          'created',
          'points',
          'relevance',
          'descending',
          'ascending',
          'male',
          'exact',
          'estimated',
          'none',
          '20',
          '100',
        ]),
    ],
  ])();
}

const names = [...Object.keys(parameters), ...Object.keys(parameters)];
const oddNames = [
  ...'__proto__ constructor toString hasOwnProperty % %00 \xff first_name[] first_name[a] FIRST_NAME search%00 sort_by; q'.split(
    ' ',
  ),
  ...['', 'a'.repeat(3000)],
];

/** A query with some parameters, most of them known. */
export function query(draw: Random): string {
  if (draw.chance(0.15)) return draw.pick(faults);
  const pairs = Array.from(
    {
      length: draw.weighted([
        [5, 1],
        [4, 2],
        [2, 4],
        [1, 40],
      ]),
    },
    () => {
      const name = draw.chance(0.9) ? draw.pick(names) : draw.pick(oddNames);
      return `${name}${draw.pick(['=', '=', '=', '=', '', '=='])}${value(draw)}`;
    },
  );
  return pairs.join(draw.pick(['&', '&', '&', '&&', ';', '&amp;']));
}

const ids = `
  0 -1 1.0 1e3 %31 1%00 1/ 1// 1/.. .. . %2e%2e ..%2f..%2fetc%2fpasswd ..\\.. 1;a=b 9223372036854775807 9223372036854775808
  ${'9'.repeat(5000)} %D9%A1 %ff % null undefined NaN __proto__ constructor 1%20 +1 0x1 1?x=1 1#a 1' 1%0d%0aX:y
`
  .trim()
  .split(/\s+/);
const paths = [
  ...`
  / // * nope /.. /../../etc/passwd /%2e%2e/%2e%2e/etc/passwd /api /api//v1/customers //api/v1/customers /./api/v1/customers
  /API/V1/CUSTOMERS /api/v1/customers%2f1 /api/v1/customers;a /api/v1/%63ustomers /api\\v1\\customers /% /%ff /\xff
  http://evil.test/api/v1/customers http:// http://%/ https://127.0.0.1/health ftp://a /__proto__ /constructor /.git/config /.env
  /package.json /src/server/base.ts /api/swagger/../../package.json /api/swagger/plugin /api/swagger/%2e%2e/ui.js
  /api/swagger/ui.js /api/swagger /api/swagger/json /health /ready /metrics /health/ /metrics?x=%ff
  `
    .trim()
    .split(/\s+/),
  ...['', '/a b', '/\0', `/${'a'.repeat(9000)}`, `/${'../'.repeat(2000)}`],
];

/** A target outside the list, or meant to be. */
export const oddTarget = (draw: Random): string =>
  draw.chance(0.5) ? draw.pick(paths) : `${api}/${draw.pick(ids)}`;

export const listTarget = (draw: Random): string => `${api}${draw.pick(['', '', '/'])}?${query(draw)}`;
