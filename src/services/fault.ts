/** Something a user can act on: the message is meant to be shown as it is, without a stack trace. */
export class ServiceError extends Error {
  override name = 'ServiceError';
}

/** One line of progress. Standard error, so that what a command prints on standard output can be piped. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
