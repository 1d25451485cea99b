import { contestants, names } from './figures.ts';
import { type Html, html } from './html.ts';
import type { Contestant } from './results.ts';

const signs = { naive: '●', optimized: '■', cached: '▲' };

/** The contestants that a plot shows, with their colors and signs. */
export function legend(figures: { contestant: Contestant }[]): Html {
  const present = contestants.filter((who) => figures.some(({ contestant }) => contestant === who));
  return html`<ul class="legend">${present.map(
    (who) => html`<li><span class="${who}">${signs[who]}</span> ${names[who]}</li>`,
  )}</ul>`;
}
