import { capacityBarsOptions } from './capacity-plots.ts';
import { capacityFigures, latencyFigures } from './figures.ts';
import { growthFigures, sizesOf } from './growth.ts';
import { ladderOptions } from './ladder-plot.ts';
import { svg } from './plot.ts';
import { latencyOptions } from './plots.ts';
import type { Results } from './results.ts';
import style from './style.css' with { type: 'text' };
import { growthOptions } from './sweep-plot.ts';

/** A plot of the report as a separate SVG file. */
export interface Picture {
  svg: string;
  alt: string;
}

/** The pictures of the README by file name, without those that have no measurements. */
export function pictures(results: Results): Record<string, Picture> {
  const shapes = results.shapes.flatMap(({ name }) => latencyFigures(results, 'shape', name));
  const all: Record<string, Picture> = {};
  const add = (name: string, alt: string, options: Parameters<typeof svg>[1]) => {
    all[name] = { alt, svg: alone(svg(alt, options, 940)) };
  };
  if (shapes.length > 0)
    add('latency', 'Latency of each kind of request, from the median to p99', latencyOptions(shapes, 'wide'));
  const capacity = capacityFigures(results, 'all');
  if (capacity.length > 0)
    add('capacity', 'Requests a second under a latency objective', capacityBarsOptions(capacity, 'wide'));
  if (results.ladder.length > 0)
    add('ladder', 'Latency before and after each optimization alone', ladderOptions(results.ladder, 'wide'));
  if (results.sweep.length > 0)
    add(
      'sweep',
      'Latency of each kind of request against the number of customers',
      growthOptions(growthFigures(results), sizesOf(results), 'wide'),
    );
  return all;
}

/** Embeds the report's colors, light and dark. */
function alone(plot: string): string {
  const colors = style.slice(0, style.indexOf('* {'));
  const own =
    '.plot { --plot-background: var(--paper); color: var(--ink); font: 12px system-ui, sans-serif }';
  return plot
    .replace(/^<svg(?![^>]*xmlns=)/, '<svg xmlns="http://www.w3.org/2000/svg"')
    .replace(/^<svg[^>]*>/, (tag) => `${tag}<style>${colors}${own}</style>`);
}
