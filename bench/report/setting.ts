import { type Html, html } from './html.ts';
import type { Results } from './results.ts';

/** Machine, versions and settings. */
export function setting(results: Results): Html {
  const { machine, versions, packages, settings, commit, seconds } = results;
  const memory = `${(machine.memoryBytes / 2 ** 30).toFixed(1)} GB`;
  const facts: [string, string][] = [
    ['Processor', `${machine.cpu}, ${machine.cores} cores`],
    ['Memory', memory],
    ['System', machine.os],
    ...Object.entries(versions).map(([name, version]): [string, string] => [
      name,
      version ?? 'not available',
    ]),
    ['Packages', list(packages)],
    [
      'Commit',
      commit ? `${commit.id}${commit.changed ? ', with uncommitted changes' : ''}` : 'no git checkout',
    ],
    ['Settings', list(settings)],
    ['Duration', `${Math.floor(seconds / 60)} min ${seconds % 60} s`],
  ];
  return html`<section><h2>Machine and settings</h2>
<table>${facts.map(([name, value]) => html`<tr><th>${name}</th><td class="text">${value}</td></tr>`)}</table></section>`;
}

const list = (values: Record<string, unknown>) =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value === '' ? 'none' : value}`)
    .join(', ');
