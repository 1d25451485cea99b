const out = process.stderr;
/** Seconds between two lines if there is no terminal. */
const pause = 10;

export interface Progress {
  /** `done` of `total`, in any unit; `word` is a short status. */
  update(done: number, total: number, word?: string): void;
  /** Ends the step with a permanent line. */
  end(line: string): void;
}

/** Shows the progress of a long step: one changing line on a terminal, else a line every ten seconds. */
export function progress(step: string): Progress {
  const began = performance.now();
  let last = 0;
  return {
    update(done, total, word = '') {
      const now = performance.now();
      if (now - last < (out.isTTY ? 100 : pause * 1000)) return;
      last = now;
      const left = done > 0 ? Math.ceil(((now - began) / 1000 / done) * (total - done)) : null;
      const share = `${Math.floor((done / total) * 100)} %`;
      const line = [`${step}: ${share}`, word, left === null ? '' : `${left} s left`]
        .filter(Boolean)
        .join(', ');
      out.write(out.isTTY ? `\r\x1b[K${line.slice(0, out.columns - 1)}` : `${line}\n`);
    },
    end(line) {
      out.write(`${out.isTTY ? '\r\x1b[K' : ''}${step}: ${line}\n`);
    },
  };
}
