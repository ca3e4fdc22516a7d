// The SQL of fixes that change a database and no code: REINDEX, ANALYZE, VALIDATE CONSTRAINT, an index to drop that the
// database alone has. It runs nothing.
import { sqlOf } from "../dialects/dialect";
import type { Finding, Fix } from "../model/finding";
import type { Folder } from "./workspace";

/**
 * The statements, for a folder with a connected database; undefined where the fix is one for the code: it can be written
 * there, or it brings the code to what the database is (drift).
 */
export function databaseSql(finding: Finding, fix: Fix, { project }: Folder): string | undefined {
  if (finding.rule.startsWith("drift/") || project.report().databases.length === 0) return undefined;
  if (project.write([{ finding, fix }]).edits.length > 0) return undefined;
  const statements: string[] = [];
  for (const change of fix.changes) {
    const sql = sqlOf(change, "postgresql", { concurrently: true });
    if (!sql) return undefined;
    statements.push(...sql);
  }
  return statements.length === 0 ? undefined : statements.join("\n");
}
