import type { RunningServer } from '../servers.ts';

/** The servers' reads by their metrics: on the primary, on a replica, and repeated after an outdated replica. */
export async function readsOf(servers: readonly RunningServer[]) {
  const sums = { primary: 0, replica: 0, outdated: 0 };
  for (const { base } of servers) {
    const text = await (await fetch(`${base}/metrics`)).text();
    for (const [, from, value] of text.matchAll(/^database_reads_total\{from="([^"]+)"\} (\d+)$/gm))
      sums[from === 'primary' ? 'primary' : 'replica'] += Number(value);
    sums.outdated += Number(/^replica_reads_repeated_total\{cause="outdated"\} (\d+)$/m.exec(text)?.[1] ?? 0);
  }
  return sums;
}
