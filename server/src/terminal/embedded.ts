// `--database embedded`: a PostgreSQL that comes with Plumbline, built from the migrations of the one schema that is meant,
// or from the schema itself.
import type { EmbeddedDatabase } from "../databases/embedded/embedded";
import type { SchemaModel } from "../model/schema";
import type { Terminal } from "./terminal";
import type { Refusal, Workspace } from "./workspace";

/** Of `schemas`, the one that PostgreSQL can hold. Says on standard error what the database was built from. Rejects with a `DatabaseError`. */
export async function openEmbeddedDatabase(schemas: readonly SchemaModel[], workspace: Workspace, terminal: Terminal, signal: AbortSignal): Promise<EmbeddedDatabase | Refusal> {
  const [schema, ...others] = schemas.filter(isPostgres);
  if (!schema) return { kind: "refused", message: `${schemas.map(({ id, dialect }) => `${id} is for ${dialect}`).join(", ")}, and the embedded database is a PostgreSQL.` };
  if (others.length > 0) return { kind: "refused", message: `The embedded database is made for one schema, and there are ${others.length + 1}: ${[schema, ...others].map(({ id }) => id).join(", ")}.\nName one with --schema.` };
  const { openEmbeddedFor } = await import("../migrate/operations/embedded-for");
  const { userCacheFolder } = await import("../databases/embedded/cache");
  terminal.progress(`Building the embedded database of ${schema.id}`);
  const { database, migrations } = await openEmbeddedFor(schema, workspace.files, { cache: userCacheFolder(terminal.environment), migrations: workspace.config.migrations, signal });
  terminal.tell(`The embedded database is made from ${migrations ? `the migrations in ${workspace.relative(migrations.folder)}` : schema.id}.`);
  for (const { message } of migrations?.problems ?? []) terminal.tell(`${terminal.errorColors.yellow("note:")} ${message}`);
  return database;
}

export function isPostgres({ dialect }: Pick<SchemaModel, "dialect">): boolean {
  return dialect === "postgresql" || dialect === "cockroachdb";
}
