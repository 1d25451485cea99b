/**
 * The versions that this code works with: the number of the last table migration (src/sql/schema), and that of the read model,
 * to be raised with every change of its steps. A test compares both with the files.
 */
export const versions = { tables: 3, readModel: 10 };
