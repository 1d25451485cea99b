const transpiler = new Bun.Transpiler({ loader: 'ts', minifyWhitespace: true });

/** The text of a source file without comments, formatting and types; equal for two versions that differ only in these. */
export function codeOf(path: string, text: string): string {
  if (path.endsWith('.ts')) return transpiler.transformSync(text);
  // A comment or space between quotes is part of a literal or a name.
  if (path.endsWith('.sql'))
    return text.replace(/('[^']*'|"[^"]*")|(?:--.*|\s)+/g, (_, quoted) => quoted ?? ' ').trim();
  return text.trimEnd();
}
