import type { Reading } from './messages.ts';

export interface Readings {
  /** Answers with a stream of events that begins at once. */
  open(request: Request): Response;
  close(): void;
}

const pause = 500;
/** Milliseconds without any page before `onAlone`; a page that is reloaded is back sooner. */
const patience = 5_000;

/** Sends what `read` gives to every page that is open, twice a second; tells `onAlone` when there is none any more. */
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
