import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import bootstrap from 'bootstrap/dist/css/bootstrap.min.css' with { type: 'file' };
import vue from 'vue/dist/vue.runtime.global.prod.js' with { type: 'file' };
import { Html, html } from './html.ts';
import openPlan from './open-plan.js' with { type: 'text' };

// The plans in pev2, a plan viewer packed into the report. It is unpacked when a reader opens a plan, in a separate frame,
// so that its style sheet does not affect the report.

/** A button that opens a plan in the viewer. Without scripts it stays hidden. */
export function viewerButton(name: string, plan: unknown, statement: string): Html {
  return html`<button type="button" class="viewer" hidden data-plan="${name}">Open plan</button>
<script type="application/json" id="${name}">${json({ plan: JSON.stringify([plan]), statement })}</script>`;
}

let packed: string | undefined;

/** The part that all buttons need, once per report. */
export function viewer(): Html {
  packed ??= gzipSync(page(), { level: 9 }).toString('base64');
  return new Html(`<script type="application/gzip" id="viewer">${packed}</script>
<script>${unended(openPlan)}</script>`);
}

/** A script inside a script element: nothing in it may look like its end tag. */
const unended = (script: string) => script.replaceAll('</script', '<\\/script');

/** JSON inside a script element: nothing in it may look like its end tag. */
const json = (value: unknown) => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'));

// The package exports only the module. The files that need no bundler are beside it.
const pev2 = dirname(fileURLToPath(import.meta.resolve('pev2')));

function page(): string {
  const read = (path: string) => readFileSync(path, 'utf8');
  const script = (path: string) => `<script>${unended(read(path))}</script>`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Plan</title>
<!-- pev2: ${read(`${pev2}/../LICENSE`).trim()} -->
<style>${read(bootstrap)}</style><style>${read(`${pev2}/pev2.css`)}</style>
<style>#app { display: flex; flex-direction: column; height: 100vh; overflow: hidden }</style></head>
<body><div id="app"></div>${script(vue)}${script(`${pev2}/pev2.umd.js`)}
<script>
const { plan, statement } = window.given;
Vue.createApp({ render: () => Vue.h(pev2.Plan, { planSource: plan, planQuery: statement }) }).mount('#app');
</script></body></html>`;
}
