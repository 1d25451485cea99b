import type { Input } from './inputs.ts';

/** An answer as received over the wire. */
export interface Answer {
  status: number;
  /** names in lower case */
  headers: Map<string, string>;
  body: string;
}

/** The answers, and in `rest` the bytes after them that are not an answer. */
export interface Reply {
  answers: Answer[];
  rest: string;
  closed: boolean;
}

/** ms without a byte after which a server counts as waiting for more of the request. */
const quiet = 100;
/** ms in which a surplus answer would come. */
const linger = 15;
/** ms after which a server counts as hung. */
const patience = 10_000;

/**
 * Sends bytes over a separate connection and reads until `count` answers have come, the server has closed it, or the server
 * waits for more of an incomplete request. With `complete` the server must answer. With `most` it also waits for a surplus
 * answer. Rejects if the server does not answer in time.
 */
export async function exchange(
  port: number,
  { bytes, answers: count, most, complete }: Pick<Input, 'bytes' | 'answers' | 'most' | 'complete'>,
): Promise<Reply> {
  let received = Buffer.alloc(0);
  let timer: Timer | undefined;
  const { promise: ended, resolve, reject } = Promise.withResolvers<boolean>();
  const late = setTimeout(() => reject(new Error('no answer')), patience);
  const isHead = bytes.subarray(0, 5).toString('latin1') === 'HEAD ';
  const wait = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => resolve(false), ms);
  };
  let unsent = bytes;
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      drain(socket) {
        unsent = unsent.subarray(socket.write(unsent));
      },
      data(_, piece) {
        received = Buffer.concat([received, piece]);
        const { answers, rest } = read(received, isHead);
        if (answers.length >= count && rest === '') wait(most === undefined ? 0 : linger);
        else wait(patience);
      },
      close: () => resolve(true),
      error: () => resolve(true),
    },
  });
  unsent = unsent.subarray(socket.write(unsent));
  try {
    wait(complete ? patience : quiet);
    const closed = await ended;
    return { ...read(received, isHead), closed };
  } finally {
    clearTimeout(late);
    clearTimeout(timer);
    socket.terminate();
  }
}

/** Splits bytes into answers, which end as RFC 9112 defines. An interim answer (1xx) does not count. */
function read(bytes: Buffer, isHead: boolean): Omit<Reply, 'closed'> {
  const answers: Answer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf('\r\n\r\n', at);
    const head = end < 0 ? '' : bytes.toString('latin1', at, end);
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1] ?? 0);
    if (status === 0) break;
    const lines = head.split('\r\n').slice(1);
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    const hasBody = !isHead && status >= 200 && status !== 204 && status !== 304;
    const length = hasBody ? Number(headers.get('content-length') ?? 0) : 0;
    const start = end + 4;
    if (bytes.length < start + length) break;
    if (status >= 200) answers.push({ status, headers, body: bytes.toString('utf8', start, start + length) });
    at = start + length;
  }
  return { answers, rest: bytes.toString('latin1', at) };
}
