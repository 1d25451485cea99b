import type { Random } from '../../generate/random.ts';

// Bodies of POST and PATCH. Bytes are written as latin1 strings, one character each.

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

const odd = [
  'null',
  'true',
  '0',
  '-0',
  '1e999',
  '-1e999',
  '1E400',
  '0.1',
  '9007199254740993',
  '9'.repeat(400),
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\xff"',
  '"\xed\xa0\x80"',
  '"\\x"',
  '[]',
  '{}',
  '[[]]',
  '{"a":{}}',
  '{"__proto__":{"a":1}}',
  'NaN',
  "'a'",
  'undefined',
  '01',
  '1.',
  '+1',
  '"\t"',
  '"2000-02-30"',
  '"9999-12-31T23:59:60Z"',
  '"infinity"',
  '"0001-01-01 BC"',
  '"-infinity"',
  '"2024-01-01T00:00:00+23:59"',
  '"0001-01-01T00:00:00+23:59"',
];
const texts = [
  '\u202e\u0000',
  '\ufeff',
  'İ',
  '👩‍👩‍👧',
  '\u{10ffff}',
  "'; drop table customer; --",
  '\\',
  '"',
  '%',
  '$1',
  '{}',
  'a\u2028b',
  'Z\u0351'.repeat(60),
  ' ',
];
const names = [
  'first_name',
  'last_name',
  'gender',
  'customer_id',
  'phone_number',
  'birthday',
  'address',
  'relationship',
  'country',
  'city',
  'points',
  'last_activity',
  'id',
  'created',
  '__proto__',
  'constructor',
  'toString',
  'prototype',
  'hasOwnProperty',
  '',
  'a/b~c',
  '\\u005f_proto__',
  'length',
  'toJSON',
  '$where',
];

function value(draw: Random, depth: number): string {
  if (depth > 0 && draw.chance(0.25)) return object(draw, depth - 1);
  return draw.weighted<() => string>([
    [5, () => draw.pick(odd)],
    [4, () => utf8(JSON.stringify(draw.pick(texts).repeat(draw.pick([1, 1, 1, 30, 129]))))],
    [1, () => `"${'a'.repeat(draw.pick([1, 32, 33, 128, 129, 5000]))}"`],
    [
      2,
      () => draw.pick(['"male"', '"A"', '"+4917012345678"', '"2000-01-01"', '5', '2147483647', '2147483648']),
    ],
  ])();
}

/** An object that may have duplicate names, and values that PostgreSQL and JavaScript parse differently. */
function object(draw: Random, depth: number): string {
  const pairs = Array.from({ length: draw.int(0, 6) }, () => `"${draw.pick(names)}":${value(draw, depth)}`);
  return `{${pairs.join(',')}}`;
}

const valid = utf8(
  '{"first_name":"Ada","last_name":"Lövelace","birthday":"1990-12-10","gender":"female","phone_number":"+4917012345678","address":{"country":"T","city":"S","city_code":"1","street":null},"relationship":{"points":5,"last_activity":"2024-01-01T00:00:00Z"}}',
);

function nested(draw: Random): string {
  const depth = draw.pick([10, 100, 1000, 10_000, 30_000]);
  const [open, close] = draw.pick([
    ['[', ']'],
    ['{"a":', '}'],
    ['{"address":', '}'],
    ['[{"__proto__":', '}]'],
  ] as const);
  const levels = Math.min(depth, Math.floor(65_000 / (open.length + close.length)));
  return (
    open.repeat(levels) + draw.pick(['1', '', 'null']) + close.repeat(draw.pick([levels, levels, levels - 1]))
  );
}

/** A text with characters changed, removed, doubled or inserted, or its end cut off. */
export function mutated(draw: Random, text: string): string {
  let changed = text;
  for (let changes = draw.int(1, 4); changes > 0; changes--) {
    const at = draw.int(0, changed.length - 1);
    const byte = String.fromCharCode(draw.int(0, 255));
    const [before, after] = [changed.slice(0, at), changed.slice(at + 1)];
    changed = draw.pick([
      before + byte + after,
      before + after,
      before + byte + changed.slice(at),
      before + changed.slice(at, at + draw.int(1, 40)) + changed.slice(at),
      `${changed.slice(0, at)}`,
    ]);
    if (changed === '') return byte;
  }
  return changed;
}

/** A body. Most of them must be refused. */
export const body = (draw: Random): string =>
  draw.weighted<() => string>([
    [6, () => object(draw, 3)],
    [
      4,
      () => `{"first_name":${value(draw, 1)},"last_name":"X",${object(draw, 2).slice(1)}`.replace(/,}$/, '}'),
    ],
    [5, () => mutated(draw, valid)],
    [1, () => valid],
    [1, () => nested(draw)],
    [
      1,
      () =>
        draw.pick([
          '',
          ' ',
          '\xef\xbb\xbf{}',
          '\xff\xfe{\0}\0',
          '{}{}',
          '{} x',
          '[1,2',
          '{"a"',
          '\0',
          '//',
          '/*a*/{}',
          'a=b',
        ]),
    ],
    [1, () => `{"first_name":"${'a'.repeat(draw.pick([65_000, 65_536, 70_000, 200_000]))}"}`],
  ])();

export const contentTypes: readonly string[] = [
  ...Array(10).fill('application/json'),
  ...[
    'application/merge-patch+json',
    'application/merge-patch+json',
    'application/json; charset=utf-16',
    'text/plain',
    '',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'multipart/form-data',
    'application/json,text/plain',
    '\xff',
    'a'.repeat(2000),
  ],
];
