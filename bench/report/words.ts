/** Three significant digits, thousands separated: 0.0912, 4.56, 12.3, 1 234. */
export function number(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US').replaceAll(',', '\u202f');
  return value === 0 ? '0' : value.toPrecision(3);
}

/** As it is, thousands separated: 12, 4.8, 1 234. */
export const plain = (value: number) => value.toLocaleString('en-US').replaceAll(',', '\u202f');

/** Milliseconds; seconds from 10 s on: 0.912 ms, 45.6 ms, 12.3 s. */
export const time = (ms: number) => (ms >= 10_000 ? `${number(ms / 1000)}\u00a0s` : `${number(ms)}\u00a0ms`);

/** A factor: 1.2×, 45×, 1 234×. */
export const times = (ratio: number) =>
  `${ratio < 9.95 ? ratio.toFixed(1) : number(Math.round(ratio)).replace(/\.0+$/, '')}×`;

/** Marks a lower bound: > 30.0 s. */
export const bound = (text: string, isBound: boolean) => (isBound ? `>\u00a0${text}` : text);

/** The gain of a change, or its loss: 45×, 11× slower. */
export const gain = (ratio: number) => (ratio < 1 ? `${times(1 / ratio)} slower` : times(ratio));

export const percent = (share: number) =>
  `${(share * 100).toFixed(share === 0 || share >= 0.1 ? 0 : 2)}\u00a0%`;

export const megabytes = (bytes: number) => `${number(bytes / 2 ** 20)}\u00a0MB`;

/** `2026-11-22T17:05:33.123Z` as `2026-11-22 17:05 UTC`. */
export const moment = (rfc3339: string) => `${rfc3339.slice(0, 16).replace('T', ' ')} UTC`;

/** The metadata of a stored run. */
export interface About {
  started: string;
  commit: { id: string } | null;
  machine: { cpu: string; cores: number };
}

/** Time, commit and machine of a run. */
export const measuredAt = ({ started, commit, machine }: About) =>
  `${moment(started)}, commit ${commit?.id.slice(0, 8) ?? 'unknown'}, ${machine.cores} cores (${machine.cpu})`;
