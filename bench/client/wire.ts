/** A request as it is sent: made once, so that nothing is built while time is measured. */
export interface Call {
  /** What it is called in a report: its path. */
  name: string;
  /** The status that counts as an answer. */
  status: number;
  bytes: Buffer;
}

/** A request without a body, or with one of JSON. */
export function call(path: string, { status = 200, method = 'GET', body = '' } = {}): Call {
  const head = `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n`;
  const about =
    body === '' ? '' : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return { name: path, status, bytes: Buffer.from(`${head}${about}\r\n${body}`) };
}

const blank = Buffer.from('\r\n\r\n');

/**
 * Reads one answer after the other from the pieces of a connection; `take` gives the status where a piece ends one,
 * else null; `head` is the last answer's, with its headers. One request is under way at a time, so an answer never begins in the middle of a piece. Only answers that
 * say their length are read: every server that is measured here says it. Throws at any other.
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
