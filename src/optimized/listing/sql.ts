import type { Parameter } from '../../server/database.ts';

// Builds SQL text from templates and other SQL text, never from plain strings: the compiler rejects any string that was
// not built here. Values are bound, and names come from the declaration of a listing.

declare const brand: unique symbol;
/** Text that is safe to insert into a statement. */
export type Sql = string & { readonly [brand]: true };

/** SQL from a template literal; only numbers and other SQL can be interpolated. */
export function sql(pieces: TemplateStringsArray, ...values: (Sql | number)[]): Sql {
  let text = pieces[0]!;
  for (let i = 0; i < values.length; i++) text += values[i]! + pieces[i + 1]!;
  return text as Sql;
}

/** The name of a table, column or function. Throws if it would need quotes. */
export function name(text: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(text)) throw new Error(`"${text}" is no name for SQL here`);
  return text as Sql;
}

/** The name of a column, in quotes, since it may be a reserved word such as `order`. Throws if it would need more than that. */
export const columnName = (text: string): Sql => `"${name(text)}"` as Sql;

/** A quoted text constant. */
export const literal = (text: string): Sql => `'${text.replaceAll("'", "''")}'` as Sql;

export const joined = (parts: readonly Sql[], separator: ' and ' | ' or ' | ', ' | ' union all '): Sql =>
  parts.join(separator) as Sql;
/** The conjunction of `terms`, each in parentheses. */
export const all = (terms: readonly Sql[]): Sql =>
  terms.length > 0
    ? joined(
        terms.map((term) => sql`(${term})`),
        ' and ',
      )
    : sql`true`;

/**
 * A template of src/sql: a statement with placeholders in braces. `names` lists every placeholder and no other.
 * @throws if a name is missing or unknown
 */
export function template<Names extends string>(text: string, ...names: Names[]) {
  const pieces = text.split(/\{(\w+)\}/);
  const marks = new Set(pieces.filter((_, i) => i % 2 === 1));
  for (const one of marks.symmetricDifference(new Set<string>(names)))
    throw new Error(`{${one}} of a template is not filled, or not there: ${text.slice(0, 80)}`);
  return (values: Record<Names, Sql | number>): Sql =>
    pieces.map((piece, i) => (i % 2 === 1 ? values[piece as Names] : piece)).join('') as Sql;
}

/** Adds a value to the parameters of a statement, and returns the placeholder for it. */
export type Bind = (
  value: Parameter,
  type: 'text' | 'text[]' | 'bigint' | 'date' | 'integer' | 'real' | 'timestamptz',
) => Sql;

/** A `Bind` that appends the values of one statement to `parameters`. */
export const binder =
  (parameters: Parameter[]): Bind =>
  (value, type) =>
    `$${parameters.push(value)}::${type}` as Sql;
