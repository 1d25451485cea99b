import { number } from '../../bench/report/words.ts';

/** 1 234 567. */
export const whole = (value: number) => Math.round(value).toLocaleString('en-US').replaceAll(',', '\u202f');

/** Milliseconds, or seconds from 1 s on: 0.912 ms, 45.6 ms, 4.56 s. */
export const duration = (ms: number) =>
  ms >= 1000 ? `${number(ms / 1000)}\u00a0s` : `${number(ms)}\u00a0ms`;

export const bytesText = (bytes: number) =>
  bytes >= 2 ** 20 ? `${number(bytes / 2 ** 20)}\u00a0MB` : `${number(bytes / 1024)}\u00a0kB`;

/** A short text for each state of `Cache-Status`. */
export function cacheText(status: string | null): string {
  if (status === null) return 'none';
  if (status.includes('detail=local')) return 'hit in process';
  if (status.includes('detail=redis')) return 'hit in Redis';
  if (status.includes('collapsed')) return 'read with another';
  return status.includes('stored') ? 'missed, stored' : 'off';
}
