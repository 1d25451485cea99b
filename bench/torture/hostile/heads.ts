import type { Random } from '../../generate/random.ts';

// Heads of requests: what HTTP forbids or leaves open. Bytes are written as latin1 strings, one character each.

/** Headers for the length of a body that two parsers may interpret differently (RFC 9112, 6.3 and 7.1). */
export const ambiguous: readonly string[] = [
  'content-length: LENGTH\r\ntransfer-encoding: chunked',
  'transfer-encoding: chunked\r\ncontent-length: LENGTH',
  'content-length: LENGTH\r\ntransfer-encoding: Chunked',
  'content-length: LENGTH\r\ntransfer-encoding:\tchunked',
  'content-length: LENGTH\r\ntransfer-encoding: chunked, identity',
  'content-length: LENGTH\r\ntransfer-encoding: xchunked',
  'content-length: LENGTH\r\ntransfer-encoding : chunked',
  'content-length: LENGTH\r\ntransfer-encoding: \x0bchunked',
  'content-length: LENGTH\r\nx: y\r\n transfer-encoding: chunked',
  'content-length: LENGTH\r\ntransfer-encoding: chunked\r\ntransfer-encoding: identity',
  'content-length: LENGTH\r\ntransfer-encoding\r\n : chunked',
  'transfer-encoding: identity\r\ncontent-length: LENGTH\r\ntransfer-encoding: chunked',
  'content-length: 0\r\ncontent-length: LENGTH',
  'content-length: LENGTH\r\ncontent-length: 0',
  'content-length: 0, LENGTH',
  'content-length: +LENGTH\r\ntransfer-encoding: chunked',
];

const lengths = [
  '-1',
  '+5',
  '0x5',
  '5 5',
  '5,5',
  '5;',
  '١',
  '',
  ' ',
  '00000000005',
  '5.0',
  '5e0',
  '1e9',
  'NaN',
];
const huge = ['65537', '999999999', '4294967301', '18446744073709551621', '9'.repeat(400)];
const chunkSizes = [
  '-1',
  '+2',
  '0x2',
  '2 ',
  ' 2',
  '2;a=b',
  '2;'.padEnd(5000, 'x'),
  'g',
  '',
  '٢',
  '2\0',
  'FFFFFFFFFFFFFFFFF',
];
const chunkSizesMore = [
  'ffffffff',
  '00000000000000000002',
  '2\n',
  '2\r',
  '7fffffffffffffff',
  '80000000',
  '1e1',
];

/** A JSON body with odd chunk framing. */
export function oddChunks(draw: Random): string {
  const size = draw.pick([...chunkSizes, ...chunkSizesMore]);
  const end = draw.pick(['\r\n', '\r\n', '\n', '', '\r']);
  const last = draw.pick([
    '0\r\n\r\n',
    '0\r\n\r\n',
    '0\r\nx: y\r\n\r\n',
    '0\n\n',
    '000\r\n\r\n',
    '0;a\r\n\r\n',
    '0\r\nhost: b',
  ]);
  return `transfer-encoding: chunked\r\n\r\n${size}${end}{}${end}${last}`;
}

export const oddLength = (draw: Random): string =>
  `content-length: ${draw.pick([...lengths, ...huge])}\r\n\r\n{}`;

export const methods: readonly string[] = `
  GET GET GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT get Get BREW PROPFIND SEARCH M-SEARCH LOCK PURGE __proto__
`
  .trim()
  .split(/\s+/);

export const versions: readonly string[] = [
  ...Array(12).fill(' HTTP/1.1'),
  ...[
    ' HTTP/1.0',
    ' HTTP/1.0',
    ' HTTP/0.9',
    ' HTTP/2.0',
    ' HTTP/9.9',
    ' HTTP/1.10',
    ' HTTP/',
    ' http/1.1',
    '',
    '  HTTP/1.1',
    '\tHTTP/1.1',
  ],
];

export const hosts: readonly string[] = [
  ...Array(6).fill('127.0.0.1'),
  ...[
    '',
    ' ',
    'a b',
    'a"<>/x',
    '[',
    '[::1]',
    '%',
    'a:99999',
    'a:b',
    '\xff',
    'a@b',
    'a?x',
    'a#x',
    '//',
    'a/../..',
    'a, b',
  ],
  ...[
    'x'.repeat(3000),
    '__proto__',
    "a';select 1--",
    '1.1.1.1.1',
    'ö'.normalize('NFD'),
    'xn--',
    '.',
    '..',
    'a..b',
    '-',
    '\\\\a\\b',
  ],
];

const names =
  'x X-Forwarded-For X-Forwarded-Host Forwarded Via Range If-Range If-Match If-None-Match If-Modified-Since Accept Accept-Encoding Cookie Origin Referer Authorization Content-Type Content-Encoding Connection Keep-Alive Expect Upgrade Te Trailer Traceparent Tracestate Baggage X-Request-Id X-Http-Method-Override Access-Control-Request-Method Sec-WebSocket-Key Host'.split(
    ' ',
  );
const values = [
  '',
  ' ',
  '*',
  '"',
  'W/"',
  '\xff\xfe',
  'a\0b',
  'a\x01b',
  '0',
  '-1',
  'bytes=0-',
  'bytes=-1,0-0,99-',
  'gzip',
  'close, close',
  'upgrade, keep-alive',
];
const moreValues = [
  'Bearer ',
  'Bearer \xe9',
  'Basic Og==',
  '100-continue',
  '200-ok',
  'h2c',
  'websocket',
  '{7*7}',
  '../../etc/passwd',
  '__proto__',
  '{"a":1}',
  "'; drop table customer; --",
];
const traces = [
  '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  '00-00000000000000000000000000000000-0000000000000000-00',
  'ff-0-0-0',
  `00-${'a'.repeat(5000)}`,
];

/** The lines between the request line and the blank line. */
export function oddHeaders(draw: Random): string {
  const lines = Array.from({ length: draw.int(0, 4) }, () => {
    const value = draw.weighted([
      [6, draw.pick(values)],
      [6, draw.pick(moreValues)],
      [2, draw.pick(traces)],
      [1, 'v'.repeat(draw.int(1, 9000))],
    ]);
    return `${draw.pick(names)}${draw.pick([': ', ':', ': ', ' : ', ':\t'])}${value}\r\n`;
  });
  const odd = draw.weighted([
    [20, ''],
    [1, 'x: y\r\n z\r\n'],
    [1, ': x\r\n'],
    [1, 'no colon\r\n'],
    [1, 'x\xff: y\r\n'],
    [1, 'x: y\n'],
    [1, 'x: y\r'],
    [1, 'x: y\r\n'.repeat(draw.int(50, 3000))],
    [1, `${'n'.repeat(20_000)}: y\r\n`],
  ]);
  return lines.join('') + odd;
}
