import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { type Cluster, openCluster } from '../../../bench/cluster/ground.ts';
import { checks } from '../../../bench/cluster/main.ts';
import { nginxPath } from '../../../bench/cluster/nginx.ts';
import { runChecks, told } from '../../../bench/torture/run.ts';

setDefaultTimeout(120_000);

// The short form of what `npm run cluster` does. Left out is what test/optimized/replicas does to a replica, and what nginx
// does by itself. Without nginx, which `told` says, users send to the servers in turn.
const leftOut = /the replica is|nginx is|primary is stopped/;

describe(`a cluster ${nginxPath() ? 'behind nginx' : 'without nginx, of which there is none on this machine'}`, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await openCluster({ customers: 1_000, quick: true, seed: 1 });
  }, 120_000);
  afterAll(() => cluster?.close(), 60_000);

  const names = checks.filter(({ name }) => !leftOut.test(name)).map((check) => [check.name, check] as const);
  test.each(names)('%s', async (_, check) => {
    const [result] = await runChecks([check], cluster);
    console.log(told(result!));
    expect(result!.failures).toEqual([]);
  });
});
