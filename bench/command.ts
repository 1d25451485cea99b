import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** Ends a command. The message is one line that says what is wrong and what to do. */
export class Stop extends Error {
  override name = 'Stop';
}

/**
 * Runs a command: `--help` prints `usage`, an error becomes one line on standard error and exit code 1. `main`
 * gets the options as text or true, and with `takesNames` what stands beside them; it gives the exit code.
 */
export async function command<Options extends ParseArgsOptionsConfig>(
  usage: string,
  options: Options,
  main: (values: Values<Options>, names: string[]) => Promise<number>,
  { takesNames = false } = {},
): Promise<never> {
  try {
    const all = { ...options, help: { type: 'boolean', short: 'h' } } satisfies ParseArgsOptionsConfig;
    const { values, positionals } = parse(all, takesNames);
    if ((values as { help?: boolean }).help) {
      console.log(usage);
      process.exit(0);
    }
    process.exit(await main(values as Values<Options>, positionals));
  } catch (error) {
    const message = error instanceof Error ? error.message || error.name : String(error);
    console.error(message.split('\n')[0]);
    process.exit(1);
  }
}

function parse<Options extends ParseArgsOptionsConfig>(options: Options, allowPositionals: boolean) {
  try {
    return parseArgs({ options, allowPositionals, strict: true });
  } catch (error) {
    throw new Stop(`${(error as Error).message.split('. ')[0]}: see --help.`);
  }
}

type Values<Options extends ParseArgsOptionsConfig> = {
  [Name in keyof Options]?: Options[Name]['type'] extends 'boolean' ? boolean : string;
};

/** `100_000`, `100000` → 100000. `otherwise` where the option was not given; throws Stop below `minimum`. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  otherwise: number,
  minimum = 1,
): number {
  if (text === undefined) return otherwise;
  const number = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN;
  if (Number.isSafeInteger(number) && number >= minimum) return number;
  throw new Stop(`--${option} ${text} cannot be used: it takes a whole number, ${minimum} or more.`);
}
