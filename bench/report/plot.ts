import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { contestants } from './figures.ts';
import { Html, html } from './html.ts';

// Shared by all plots.

const { document } = parseHTML('<html></html>');
const sizes = { wide: 940, narrow: 360 };

export type Size = keyof typeof sizes;
/** Scales that assign each contestant its color and its symbol. */
export const color = { domain: contestants, range: contestants.map((who) => `var(--${who})`) };
export const symbol = { domain: contestants, range: ['circle', 'square', 'triangle'] };

/** One plot as SVG. Its colors are variables of the page. */
export function svg(label: string, options: Plot.PlotOptions, width: number): string {
  const all = { document, width, className: 'plot', ariaLabel: label, ...options };
  return Plot.plot(all as Plot.PlotOptions).outerHTML;
}

/** The plot in two sizes. The style sheet shows the one that fits. Text has the same size in both. */
export function inBothSizes(label: string, draw: (size: Size) => Plot.PlotOptions): Html {
  const figure = (size: Size) => new Html(svg(label, draw(size), sizes[size]));
  return html`<figure class="wide">${figure('wide')}</figure>
<figure class="narrow">${figure('narrow')}</figure>`;
}

/** The ticks of a logarithmic scale for these values: powers of ten, or 1, 2, 5, 10, … if those are few. */
export function logTicks(values: number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const first = Math.floor(Math.log10(low));
  const count = Math.max(0, Math.ceil(Math.log10(high)) - first + 1);
  const within = (steps: number[]) =>
    Array.from({ length: count }, (_, index) => steps.map((step) => step * 10 ** (first + index)))
      .flat()
      .filter((tick) => tick >= low && tick <= high);
  const powers = within([1]);
  return powers.length > 2 ? powers : within([1, 2, 5]);
}
