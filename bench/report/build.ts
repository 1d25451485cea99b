import { all } from './all.ts';
import { answer } from './answer.ts';
import { Html, html } from './html.ts';
import { latencies } from './latencies.ts';
import { limits } from './limits.ts';
import { loads } from './loads.ts';
import type { Results } from './results.ts';
import { setting } from './setting.ts';
import style from './style.css' with { type: 'text' };
import { moment } from './words.ts';

/** The report as one HTML file that needs no network and no script. Made from the results alone. */
export function buildReport(results: Results): string {
  const title = `Naive against optimized, ${moment(results.started)}`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(style)}</style>
</head>
<body>
${answer(results)}
${limits(results)}
${latencies(results)}
${loads(results)}
${all(results)}
${setting(results)}
</body>
</html>
`;
  return page.markup;
}
