import type { LoggerOptions } from 'pino';
import pino from 'pino';
import type { Config } from './config.ts';

/**
 * A server's log: JSON lines. They hold no customer data, not even in PostgreSQL's messages, unless `LOG_LEVEL` is
 * debug or trace.
 */
export const logOptions = ({ logLevel }: Pick<Config, 'logLevel'>, room: string): LoggerOptions => ({
  level: logLevel,
  base: { room, pid: process.pid },
  serializers: { err: /debug|trace/.test(logLevel) ? pino.stdSerializers.err : discreet },
});

// PostgreSQL quotes values in its messages, and shows rows in details. The stack begins with the message.
function discreet(error: Error & { code?: unknown; constraint_name?: string; routine?: string }) {
  const { name, message, code, constraint_name: constraint, routine, stack = '' } = error;
  const lines = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    ...{ type: name, message: message.replace(/"[^"]*"/g, '"…"'), code, constraint, routine },
    stack: lines.join('\n'),
  };
}
