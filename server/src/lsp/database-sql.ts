// The SQL of fixes that change a database and no code: REINDEX, ANALYZE, VALIDATE CONSTRAINT, an index to drop that the
// database alone has. It runs nothing.
import { inDatabase } from "../database-checking";
import { sqlOf } from "../dialects/dialect";
import type { Finding, Fix } from "../model/finding";
import type { Folder } from "./workspace";

/**
 * The statements, for a folder with a connected database; undefined where the fix is one for the code: it can be written
 * there, or it brings the code to what the database is (drift).
 */
export function databaseSql(finding: Finding, fix: Fix, { project }: Folder): string | undefined {
  const { schemas, databases } = project.report();
  if (finding.rule.startsWith("drift/") || databases.length === 0) return undefined;
  if (project.write([{ finding, fix }]).edits.length > 0) return undefined;
  const statements: string[] = [];
  const code = schemas.find(({ model }) => model.id === finding.schema)?.model;
  for (const change of code ? inDatabase(fix.changes, code, databases) : fix.changes) {
    const sql = sqlOf(change, "postgresql", { concurrently: true });
    if (!sql) return undefined;
    statements.push(...sql);
  }
  return statements.length === 0 ? undefined : statements.join("\n");
}
