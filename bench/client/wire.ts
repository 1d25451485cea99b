/** A request as sent. It is built once, so that no request is built during a measurement. */
export interface Call {
  /** Its name in a report: the path. */
  name: string;
  /** The status that counts as an answer. */
  status: number;
  bytes: Buffer;
}

/** A request without a body or with a JSON body. */
export function call(path: string, { status = 200, method = 'GET', body = '' } = {}): Call {
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
  const about =
    body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return { name: path, status, bytes: Buffer.from(`${head}${about}\r\n${body}`) };
}

const blank = Buffer.from('\r\n\r\n');

/**
 * Reads successive answers from the pieces received on a connection. `take` returns the status if the piece completes an
 * answer, else null. `head` is the status line and headers of the last answer. Only one request is in flight, so an answer
 * never begins in the middle of a piece. Throws at an answer without a length; every server measured here sends one.
 */
export function answers(): { take: (piece: Buffer) => number | null; head: () => string } {
  let begun: Buffer | null = null;
  let head = '';
  let status = 0;
  let missing = 0;
  return {
    head: () => head,
    take(piece) {
      if (missing > 0) {
        missing -= piece.length;
      } else {
        begun = begun ? Buffer.concat([begun, piece]) : piece;
        const end = begun.indexOf(blank);
        if (end < 0) return null;
        head = begun.toString('latin1', 0, end);
        status = Number(head.slice(9, 12));
        missing = lengthOf(head, status) - (begun.length - end - blank.length);
        begun = null;
      }
      if (missing < 0) throw new Error('the server sent more than it announced');
      return missing === 0 ? status : null;
    },
  };
}

function lengthOf(head: string, status: number): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  if (status === 204 || status === 304) return 0;
  throw new Error('the server sent an answer without content-length');
}
