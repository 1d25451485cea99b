import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { contestants } from './figures.ts';
import { Html, html } from './html.ts';

// What all plots have in common.

const { document } = parseHTML('<html></html>');
const sizes = { wide: 940, narrow: 360 };

export type Size = keyof typeof sizes;
/** Scales that give each contestant its color and its sign. */
export const color = { domain: contestants, range: contestants.map((who) => `var(--${who})`) };
export const symbol = { domain: contestants, range: ['circle', 'square', 'triangle'] };

/** One plot as SVG. Its colors are variables of the page. */
export function svg(label: string, options: Plot.PlotOptions, width: number): string {
  const all = { document, width, className: 'plot', ariaLabel: label, ...options };
  return Plot.plot(all as Plot.PlotOptions).outerHTML;
}

/** The plot in two sizes, of which a style sheet shows the one that fits; text keeps its size in both. */
export function inBothSizes(label: string, draw: (size: Size) => Plot.PlotOptions): Html {
  const figure = (size: Size) => new Html(svg(label, draw(size), sizes[size]));
  return html`<figure class="wide">${figure('wide')}</figure>
<figure class="narrow">${figure('narrow')}</figure>`;
}

/** The ticks of a logarithmic scale that holds all these values. */
export function powersOfTen(values: number[]): number[] {
  const first = Math.ceil(Math.log10(Math.min(...values)));
  const count = Math.floor(Math.log10(Math.max(...values))) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => 10 ** (first + index));
}
