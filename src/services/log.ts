import { closeSync, fstatSync, openSync, readSync, truncateSync } from 'node:fs';

/** The log of a server: a handle to pass to it, and its output since the log was opened. */
export interface Log {
  handle: number;
  /** The last lines of that output, joined into one; '' if there are none. */
  reason(): string;
  close(): void;
}

const keep = 16 * 1024 * 1024;

export function openLog(file: string): Log {
  const handle = openSync(file, 'a+', 0o600);
  if (fstatSync(handle).size > keep) truncateSync(file, 0);
  const from = fstatSync(handle).size;
  return {
    handle,
    reason() {
      const bytes = Buffer.alloc(Math.min(fstatSync(handle).size - from, 64 * 1024));
      readSync(handle, bytes, 0, bytes.length, from);
      return bytes
        .toString('utf8')
        .split('\n')
        .filter((line) => !/^\s*$|starting PostgreSQL|system is shut down/.test(line))
        .slice(-6)
        .map((line) =>
          line.replace(/^.*?(?=(FATAL|PANIC|ERROR|HINT|LOG|WARNING): )/, '').replace(/\s+/g, ' '),
        )
        .join(' | ');
    },
    close: () => closeSync(handle),
  };
}
