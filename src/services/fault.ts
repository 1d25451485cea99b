/** An error that a user can act on. Show its message as it is, without a stack trace. */
export class ServiceError extends Error {
  override name = 'ServiceError';
}

/** Prints a line of progress to standard error, so that a command's standard output can be piped. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
