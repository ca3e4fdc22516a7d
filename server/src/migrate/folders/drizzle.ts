// What both of Drizzle's folder formats share: the table of applied migrations, and the names that drizzle-kit's files
// give to the dialects.
import type { DialectName, QualifiedName } from "../../model/schema";
import { remembered, sha256 } from "./parts";

/** Where drizzle-orm records, unless drizzle.config's `migrations` says otherwise: https://orm.drizzle.team/docs/drizzle-config-file#migrations */
export const journalTable: QualifiedName = { schema: "drizzle", name: "__drizzle_migrations" };

/** `dialect` of a journal or snapshot; files of drizzle-kit before 0.20 say "pg" or nothing. */
export function snapshotDialect(name: string | undefined): DialectName {
  switch (name) {
    case "mysql": case "singlestore": return "mysql";
    case "sqlite": case "turso": return "sqlite";
    case "mssql": return "sqlserver";
    case "cockroach": case "cockroachdb": return "cockroachdb";
    default: return "postgresql";
  }
}

/** The owner hashes the file with its byte order mark, which reading leaves out. */
export const checksumsOf = remembered((text): readonly string[] => [sha256(text), sha256(`\uFEFF${text}`)]);
