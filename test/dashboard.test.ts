import { expect, setDefaultTimeout, test } from 'bun:test';
import { parser } from '@prometheus-io/lezer-promql';
import { startServer } from '../bench/servers.ts';
import dashboard from '../docs/dashboard.json';
import { copyOf, environmentOf, within } from './cluster.ts';
import { insertPeople } from './contract/people.ts';
import { customers } from './rooms.ts';

setDefaultTimeout(60_000);

/** The metrics and labels in a PromQL query. Throws if the query is not PromQL. */
function namesIn(query: string): { metrics: string[]; labels: string[] } {
  const text = query.replaceAll('$__rate_interval', '5m'); // a variable of Grafana
  const [metrics, labels]: [string[], string[]] = [[], []];
  parser.parse(text).iterate({
    enter({ type, from, to }) {
      const word = text.slice(from, to);
      if (type.isError) throw new Error(`${query} is no PromQL at ${from}`);
      if (type.name === 'Identifier') metrics.push(word);
      if (type.name === 'LabelName') labels.push(word);
    },
  });
  return { metrics, labels };
}

/** The labels of each metric that a server shows after some requests. */
async function shown(): Promise<Map<string, Set<string>>> {
  const copy = await copyOf('optimized');
  await within(copy.name, insertPeople);
  const server = await startServer('optimized', environmentOf(copy));
  try {
    for (let i = 0; i < 2; i++) await fetch(`${server.base}${customers}?first_name=an`);
    const text = await (await fetch(`${server.base}/metrics`)).text();
    const labels = new Map<string, Set<string>>();
    for (const [, name, inside = ''] of text.matchAll(/^(\w+)(?:\{(.*)\})? /gm)) {
      const known = labels.get(name!) ?? new Set();
      for (const [, label] of inside.matchAll(/(\w+)="/g)) known.add(label!);
      labels.set(name!, known);
    }
    return labels;
  } finally {
    await server.stop();
    await copy.drop();
  }
}

test('every query of the dashboard uses metrics and labels that the server exposes', async () => {
  const labelsOf = await shown();
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(queries.length).toBeGreaterThan(10);
  for (const query of queries) {
    const { metrics, labels } = namesIn(query);
    expect({ query, metrics: metrics.length > 0 }).toEqual({ query, metrics: true });
    for (const metric of metrics) {
      expect({ query, metric, isShown: labelsOf.has(metric) }).toEqual({ query, metric, isShown: true });
      const unknown = labels.filter((label) => !labelsOf.get(metric)!.has(label));
      expect({ query, metric, unknown }).toEqual({ query, metric, unknown: [] });
    }
  }
});
