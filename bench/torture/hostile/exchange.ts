import type { Input } from './inputs.ts';

/** An answer as it came over the wire. */
export interface Answer {
  status: number;
  /** names in lower case */
  headers: Map<string, string>;
  body: string;
}

/** What came back: the answers, and what follows them and is none. */
export interface Reply {
  answers: Answer[];
  rest: string;
  closed: boolean;
}

/** ms without a byte after which a server is taken to wait for more of the request. */
const quiet = 100;
/** ms in which an answer too many would come. */
const linger = 15;
/** ms after which a server is taken to hang. */
const patience = 10_000;

/**
 * Sends bytes over a connection of their own and reads until `count` answers came, the server closed it, or, where the request
 * is not complete, it waits for more. `complete` says that it must answer. `most` waits for an answer too many. Rejects
 * where the server does not answer in time.
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

/** Takes bytes apart into answers, as RFC 9112 tells their ends; an interim answer (1xx) is none. */
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
