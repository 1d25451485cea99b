/**
 * What this code works with: the number of the last migration of the tables (src/sql/schema), and that of the read model,
 * which is raised with every change of what makes it. A test compares both with the files.
 */
export const versions = { tables: 3, readModel: 9 };
