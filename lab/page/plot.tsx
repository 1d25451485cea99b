import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Trace } from './trace.ts';

const height = 240;

/** The latencies of the last minute, on a logarithmic scale; redrawn whenever `at` changes. */
export function Plot({ trace, at, label }: { trace: Trace; at: number; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  useEffect(() => {
    const { current: element } = place;
    if (!element) return;
    const drawn = new uPlot(options(element.clientWidth), trace.columns() as uPlot.AlignedData, element);
    plot.current = drawn;
    const sizes = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height }));
    sizes.observe(element);
    const theme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => drawn.redraw(false);
    theme.addEventListener('change', redraw);
    return () => {
      sizes.disconnect();
      theme.removeEventListener('change', redraw);
      drawn.destroy();
    };
  }, [trace]);
  useEffect(() => plot.current?.setData(trace.columns() as uPlot.AlignedData), [trace, at]);
  return <div class="plot" ref={place} role="img" aria-label={label} />;
}

// Read at every drawing, so that colors follow the theme.
const color = (name: string) => () => getComputedStyle(document.body).getPropertyValue(`--${name}`).trim();

const line = (label: string, name: string, more: Partial<uPlot.Series> = {}): uPlot.Series => ({
  label,
  stroke: color(name),
  width: 2,
  points: { show: false },
  ...more,
});
const points = (label: string, name: string): uPlot.Series =>
  line(label, name, { paths: () => null, points: { show: true, size: 9, fill: color(name) } });

const axis: uPlot.Axis = {
  stroke: color('faint'),
  grid: { stroke: color('line'), width: 1 },
  ticks: { show: false },
  font: '12px system-ui, sans-serif',
};

/** Writes the name of each server at the end of its line, so that color is not the only distinction. */
function nameLines(plot: uPlot): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const [series, name] of [
    [1, 'naive'],
    [4, 'optimized'],
  ] as const) {
    const last = [...(plot.data[series] as (number | null | undefined)[])].findLast(
      (value) => value !== undefined,
    );
    if (last == null) continue;
    ctx.fillStyle = color(name)();
    ctx.fillText(name, bbox.left + bbox.width + 6 * devicePixelRatio, plot.valToPos(last, 'y', true));
  }
  ctx.restore();
}

const powerOfTen = (round: (log: number) => number, value: number, otherwise: number) => {
  const wanted = 10 ** round(Math.log10(value || otherwise));
  return round === Math.floor ? Math.min(wanted, otherwise) : Math.max(wanted, otherwise);
};

const options = (width: number): uPlot.Options => ({
  width,
  height,
  padding: [10, 78, 0, 0],
  legend: { show: false },
  cursor: { show: false },
  scales: {
    x: { range: (_, __, max) => [max - 60, max] },
    y: {
      distr: 3,
      range: (_, min, max) => [powerOfTen(Math.floor, min, 1), powerOfTen(Math.ceil, max, 1000)],
    },
  },
  axes: [
    {
      ...axis,
      size: 32,
      splits: (plot) =>
        (plot.width < 500 ? [40, 20, 0] : [50, 40, 30, 20, 10, 0]).map((ago) => plot.scales.x!.max! - ago),
      values: (plot, ticks) =>
        ticks.map((tick) => {
          const ago = Math.round(plot.scales.x!.max! - tick);
          return ago === 0 ? 'now' : `−${ago} s`;
        }),
    },
    {
      ...axis,
      size: 60,
      splits: (_, __, min, max) =>
        [-1, 0, 1, 2, 3, 4, 5].map((power) => 10 ** power).filter((tick) => min <= tick && tick <= max),
      values: (_, ticks) => ticks.map((tick) => (tick < 1000 ? `${tick} ms` : `${tick / 1000} s`)),
    },
  ],
  hooks: { draw: [nameLines] },
  series: [
    {},
    line('naive, median', 'naive'),
    line('naive, p95', 'naive', { width: 1, dash: [4, 4] }),
    points('naive, yours', 'naive'),
    line('optimized, median', 'optimized'),
    line('optimized, p95', 'optimized', { width: 1, dash: [4, 4] }),
    points('optimized, yours', 'optimized'),
  ],
});
