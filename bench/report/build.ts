import { against } from './against.ts';
import { all } from './all.ts';
import { answer } from './answer.ts';
import { capacity } from './capacity.ts';
import { costs } from './costs.ts';
import { Html, html } from './html.ts';
import { ladder } from './ladder.ts';
import { latencies } from './latencies.ts';
import { limits } from './limits.ts';
import { loads } from './loads.ts';
import type { Results } from './results.ts';
import { setting } from './setting.ts';
import style from './style.css' with { type: 'text' };
import { sweep } from './sweep.ts';
import { viewer } from './viewer.ts';
import { moment } from './words.ts';

/**
 * The report as one HTML file that needs no network. All but the plan viewer works without scripts. It is built from the
 * results alone, and `earlier` ones to compare them with.
 */
export function buildReport(results: Results, earlier?: Results): string {
  const title = `Naive and optimized compared, ${moment(results.started)}`;
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
${earlier ? against(results, earlier) : null}
${latencies(results)}
${capacity(results)}
${loads(results)}
${ladder(results)}
${sweep(results)}
${costs(results)}
${all(results)}
${setting(results)}
${results.ladder.length > 0 && viewer()}
</body>
</html>
`;
  return page.markup;
}
