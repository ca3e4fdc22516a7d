// The SQL of a finding's preferred fix, for those who add the index by hand. It runs nothing.
import { sqlOf } from "../dialects/dialect";
import { inDatabase } from "../database-checking";
import { nameIndexes } from "../indexes/naming";
import type { Finding } from "../model/finding";
import { missesIndex, preferredFix } from "./missing-indexes";
import type { Folder } from "./workspace";

/** `CREATE INDEX CONCURRENTLY …;` of a finding that an index mends (PostgreSQL; a plain CREATE INDEX elsewhere), then what it replaces; undefined for any other finding. */
export function createIndexSql(finding: Finding, folder: Folder | undefined): string | undefined {
  // The database has that index already: it is missing in the code.
  if (finding.rule === "drift/index-only-in-database") return undefined;
  const fix = preferredFix(finding);
  if (!fix || !folder || !missesIndex(finding)) return undefined;
  const wanted = fix.schema ?? finding.schema;
  const model = folder.report().schemas.find((schema) => schema.model.id === wanted)?.model;
  if (!model) return undefined;
  const named = nameIndexes(fix.changes, model, folder.settings.config.indexName);
  // The new index is built before the one that it replaces goes.
  const ordered = [...named.filter(({ kind }) => kind === "add-index"), ...named.filter(({ kind }) => kind !== "add-index")];
  const statements = inDatabase(ordered, model, folder.report().databases).flatMap((change) => sqlOf(change, model.dialect, { concurrently: true }) ?? []);
  return statements.length === 0 ? undefined : statements.join("\n");
}
