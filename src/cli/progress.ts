import { SingleBar } from 'cli-progress';

export type ProgressEvent =
  | { kind: 'begin'; database: string; step: string }
  | { kind: 'rows'; database: string; stored: number; total: number }
  | { kind: 'end'; database: string; step: string; seconds: number }
  | { kind: 'note'; text: string };
export type OnProgress = (event: ProgressEvent) => void;

/** Runs `work` as the step `name`. */
export type DoStep = (name: string, work: () => Promise<unknown>) => Promise<void>;

/** Seconds of each step, in order. */
export type Steps = { step: string; seconds: number }[];

/** Runs steps, times them and reports each to `onProgress`. */
export function timed(database: string, onProgress: OnProgress): { step: DoStep; steps: Steps } {
  const steps: Steps = [];
  const step: DoStep = async (name, work) => {
    const began = performance.now();
    onProgress({ kind: 'begin', database, step: name });
    await work();
    const seconds = (performance.now() - began) / 1_000;
    onProgress({ kind: 'end', database, step: name, seconds });
    steps.push({ step: name, seconds });
  };
  return { step, steps };
}

/** Seconds between two lines if the output is not a terminal. */
const pause = 5;

/** Shows progress: a bar on a terminal, else a plain line every few seconds. Call `stop` at the end. */
export function showProgress(out: NodeJS.WriteStream = process.stderr) {
  return out.isTTY ? onTerminal(out) : inLines((line) => out.write(`${line}\n`));
}

function onTerminal(out: NodeJS.WriteStream) {
  let label = '';
  let began = 0;
  let bar: SingleBar | null = null;
  let ticking: Timer | undefined;

  const clear = () => {
    clearInterval(ticking);
    bar?.stop();
    bar = null;
    out.write('\r\x1b[K');
  };
  const onProgress: OnProgress = (event) => {
    if (event.kind === 'rows') {
      clearInterval(ticking);
      bar ??= startBar(out, label, event.total);
      bar.update(event.stored, { pace: pace(began, event.stored, event.total) });
      return;
    }
    if (label) clear();
    if (event.kind === 'begin') {
      began = performance.now();
      label = `${event.database}: ${event.step}`;
      const tick = () => out.write(`\r\x1b[K${label} ${Math.round(secondsSince(began))} s`);
      tick();
      ticking = setInterval(tick, 1_000);
      return;
    }
    label = '';
    out.write(`${event.kind === 'note' ? event.text : ended(event)}\n`);
  };
  return { onProgress, stop: () => label && clear() };
}

function inLines(write: (line: string) => void) {
  let last = 0;
  let began = 0;
  let ticking: Timer | undefined;
  const due = () => {
    if (secondsSince(last) < pause) return false;
    last = performance.now();
    return true;
  };
  const onProgress: OnProgress = (event) => {
    if (event.kind === 'rows') {
      clearInterval(ticking);
      if (due()) {
        const share = Math.floor((event.stored / event.total) * 100);
        write(`${event.database}: rows ${share} %, ${pace(began, event.stored, event.total)}`);
      }
      return;
    }
    clearInterval(ticking);
    if (event.kind === 'begin') {
      last = began = performance.now();
      const { database, step } = event;
      ticking = setInterval(() => {
        if (due()) write(`${database}: ${step}, ${Math.round(secondsSince(began))} s so far`);
      }, 1_000);
    } else {
      write(event.kind === 'note' ? event.text : ended(event));
    }
  };
  return { onProgress, stop: () => clearInterval(ticking) };
}

function startBar(stream: NodeJS.WriteStream, label: string, total: number): SingleBar {
  const format = `${label} [{bar}] {percentage} %, {pace}`;
  const bar = new SingleBar({
    stream,
    format,
    hideCursor: null,
    linewrap: true,
    clearOnComplete: true,
    barsize: 30,
  });
  bar.start(total, 0, { pace: '' });
  return bar;
}

function pace(began: number, stored: number, total: number): string {
  const perSecond = stored / secondsSince(began);
  const left = Math.ceil((total - stored) / perSecond);
  return `${Math.round(perSecond).toLocaleString('en-US')} customers/s, ${left} s left`;
}

function ended({ database, step, seconds }: Extract<ProgressEvent, { kind: 'end' }>): string {
  return `${database}: ${step} done in ${seconds.toFixed(1)} s`;
}

function secondsSince(began: number): number {
  return (performance.now() - began) / 1_000;
}
