import type { Reading } from './messages.ts';

export interface Readings {
  /** Responds with a stream of events that begins at once. */
  open(request: Request): Response;
  close(): void;
}

const pause = 500;
/** Milliseconds without a page before `onAlone` is called; a reloaded page is back sooner. */
const patience = 5_000;

/** Sends the result of `read` to every open page twice a second; calls `onAlone` when none is left. */
export function createReadings(read: () => Reading, onAlone: () => void): Readings {
  const pages = new Set<ReadableStreamDefaultController<string>>();
  let last = event(read());
  let alone = 0;

  const timer = setInterval(() => {
    last = event(read());
    for (const page of pages) page.enqueue(last);
    alone = pages.size > 0 ? 0 : alone + pause;
    if (alone === patience) onAlone();
  }, pause);

  return {
    open(request) {
      const stream = new ReadableStream<string>({
        start(page) {
          pages.add(page);
          page.enqueue(last);
          request.signal.addEventListener('abort', () => pages.delete(page));
        },
      });
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };
      return new Response(stream, { headers });
    },
    close() {
      clearInterval(timer);
      for (const page of pages) page.close();
      pages.clear();
    },
  };
}

const event = (reading: Reading) => `data: ${JSON.stringify(reading)}\n\n`;
