import { describe, expect, test } from 'bun:test';
import pino from 'pino';
import { toProblem } from '../src/server/errors.ts';

const silent = pino({ level: 'silent' });
const statusOf = (code: string) =>
  toProblem(Object.assign(new Error('a fault'), { code }), silent, new Request('http://a/ready')).status;

describe('an error', () => {
  test.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH'],
    ...['ENOTFOUND', 'EAI_AGAIN', 'EMFILE', 'ENFILE', 'EADDRNOTAVAIL'],
    ...['CONNECTION_CLOSED', 'CONNECT_TIMEOUT', '08006', '53300', '57P01', '3D000'],
  ])('on the way to the database gives 503: %s', (code) => {
    expect(statusOf(code)).toBe(503);
  });

  test.each(['', 'ENOENT', 'EACCES', 'ERR_INVALID_ARG_TYPE', '22P02', '42601'])(
    'of another kind gives 500: %p',
    (code) => {
      expect(statusOf(code)).toBe(500);
    },
  );
});
