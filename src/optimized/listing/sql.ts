import type { Parameter } from '../../server/database.ts';

// SQL texts are made of templates and of other SQL texts, never of plain strings: the compiler refuses what was not
// made here. Values are bound, and names come from the declaration of a listing.

declare const brand: unique symbol;
/** Text that is safe to be a part of a statement. */
export type Sql = string & { readonly [brand]: true };

/** SQL written in place; only numbers and other SQL can be filled in. */
export function sql(pieces: TemplateStringsArray, ...values: (Sql | number)[]): Sql {
  let text = pieces[0]!;
  for (const [i, value] of values.entries()) text += value + pieces[i + 1]!;
  return text as Sql;
}

/** The name of a table, column or function. Throws for what would have to be quoted. */
export function name(text: string): Sql {
  if (!/^[a-z_][a-z0-9_]*$/.test(text)) throw new Error(`"${text}" is no name for SQL here`);
  return text as Sql;
}

/** A text constant. */
export const literal = (text: string): Sql => `'${text.replaceAll("'", "''")}'` as Sql;

export const joined = (parts: readonly Sql[], separator: ' and ' | ' or ' | ', ' | ' union all '): Sql =>
  parts.join(separator) as Sql;
/** All of these, each in parentheses. */
export const all = (terms: readonly Sql[]): Sql =>
  terms.length > 0
    ? joined(
        terms.map((term) => sql`(${term})`),
        ' and ',
      )
    : sql`true`;

/**
 * A template of src/sql: a statement in which names in braces are filled in. Each is to be given, and no other.
 * @throws where a name is missing or unknown
 */
export function template<Names extends string>(text: string, ...names: Names[]) {
  const pieces = text.split(/\{(\w+)\}/);
  const marks = new Set(pieces.filter((_, i) => i % 2 === 1));
  for (const one of marks.symmetricDifference(new Set<string>(names)))
    throw new Error(`{${one}} of a template is not filled, or not there: ${text.slice(0, 80)}`);
  return (values: Record<Names, Sql | number>): Sql =>
    pieces.map((piece, i) => (i % 2 === 1 ? values[piece as Names] : piece)).join('') as Sql;
}

/** Takes the values of a statement, and gives the text that stands for each. */
export type Bind = (
  value: Parameter,
  type: 'text' | 'text[]' | 'bigint' | 'date' | 'integer' | 'real' | 'timestamptz',
) => Sql;

/** Collects the values of one statement into `parameters`. */
export const binder =
  (parameters: Parameter[]): Bind =>
  (value, type) =>
    `$${parameters.push(value)}::${type}` as Sql;
