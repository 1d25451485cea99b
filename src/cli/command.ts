import { Command, CommanderError } from '@commander-js/extra-typings';

/** Ends a command. The message is one line that says what is wrong and what to do. */
export class Stop extends Error {
  override name = 'Stop';
}

/** A command of package.json; `name` is what the user types. Its options come from options.ts. */
export const command = (name: string, about: string) =>
  new Command(`npm run ${name.includes(' -- ') ? name : `${name} --`}`)
    .description(about)
    .helpOption('--help', 'show this help')
    .helpCommand(false)
    .configureHelp({ helpWidth: 110 })
    .configureOutput({ outputError: () => {} })
    .allowExcessArguments(false)
    .exitOverride();

/** Runs a command with this process's arguments. An error prints one line and exits with code 1. Never returns. */
export async function run(program: { parseAsync(): Promise<unknown> }): Promise<never> {
  try {
    await program.parseAsync();
    process.exit(process.exitCode ?? 0);
  } catch (error) {
    // --help: the text has been printed.
    if (error instanceof CommanderError && error.exitCode === 0) process.exit(0);
    console.error(inOneLine(error));
    process.exit(1);
  }
}

const unreachable = ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', 'CONNECT_TIMEOUT'];

function inOneLine(error: unknown): string {
  const message = error instanceof Error ? error.message || error.name : String(error);
  const [line = ''] = message.split('\n');
  if (unreachable.includes((error as { code?: string }).code ?? ''))
    return `PostgreSQL cannot be reached; check POSTGRES_HOST and POSTGRES_PORT: ${line}`;
  return error instanceof CommanderError ? `${line.replace(/^error: /, '')}: see --help.` : line;
}
