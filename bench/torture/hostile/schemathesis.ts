import { join } from 'node:path';
import { run } from '../../../src/services/command.ts';

/** The result of a Schemathesis run. */
export interface Conformance {
  cases: number;
  findings: string[];
}

/**
 * Runs Schemathesis (https://schemathesis.readthedocs.io) with all its checks and all its phases against the document of a
 * server: it must accept valid requests, refuse invalid ones, and give only documented answers. hooks.py leaves out what no
 * schema can express.
 */
export async function conform(
  bin: string,
  base: string,
  { examples, seed, token }: { examples: number; seed: number; token: string | null },
): Promise<Conformance> {
  const options =
    `--checks all --no-color --generation-database none --max-examples ${examples} --seed ${seed}`.split(' ');
  const authorization = token === null ? [] : ['--header', `Authorization: Bearer ${token}`];
  const hooks = { PYTHONPATH: import.meta.dir, SCHEMATHESIS_HOOKS: 'hooks', PYTHONDONTWRITEBYTECODE: '1' };
  const args = ['run', `${base}/api/swagger/json`, ...options, ...authorization];
  const { code, output } = await run(join(bin, 'schemathesis'), args, null, '', hooks);
  const cases = Number(/(\d+) generated/.exec(output)?.[1] ?? 0);
  // Each finding begins with its number in a block of the operation.
  const findings = output.split(/^(?=\d+\. Test Case ID)/m).slice(1);
  if (code !== 0 && findings.length === 0) findings.push(output.slice(-1000));
  return { cases, findings: findings.map((finding) => finding.replace(/\s+/g, ' ').slice(0, 600)) };
}
