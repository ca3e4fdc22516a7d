// `--database embedded`: a PostgreSQL that comes with Plumbline, built from the migrations of the one schema that is meant,
// or from the schema itself.
import type { EmbeddedDatabase } from "../databases/embedded/embedded";
import type { Terminal } from "./terminal";
import { readSchemas, type Refusal, type Workspace, type WorkspaceOptions } from "./workspace";

/** Says on standard error what it was built from. Rejects with a `DatabaseError`. */
export async function openEmbeddedDatabase(workspace: Workspace, options: Pick<WorkspaceOptions, "schema">, terminal: Terminal): Promise<EmbeddedDatabase | Refusal> {
  const report = readSchemas(workspace, [], options);
  if ("message" in report) return report;
  const schemas = report.schemas.map(({ model }) => model);
  const [schema, ...others] = schemas.filter(({ dialect }) => dialect === "postgresql" || dialect === "cockroachdb");
  if (!schema) return { kind: "refused", message: `The embedded database is a PostgreSQL, and ${schemas.map(({ id, dialect }) => `${id} is for ${dialect}`).join(", ")}.` };
  if (others.length > 0) return { kind: "refused", message: `The embedded database is made for one schema, and there are ${others.length + 1}: ${[schema, ...others].map(({ id }) => id).join(", ")}.\nName one with --schema.` };
  const { openEmbeddedFor } = await import("../databases/embedded/open-for");
  const { userCacheFolder } = await import("../databases/embedded/cache");
  const { database, migrations } = await openEmbeddedFor(schema, workspace.files, { cache: userCacheFolder(terminal.environment) });
  terminal.tell(`The embedded database is made from ${migrations ? `the migrations in ${workspace.relative(migrations.folder)}` : schema.id}.`);
  for (const problem of migrations?.problems ?? []) terminal.tell(`${terminal.errorColors.yellow("note:")} ${problem}`);
  return database;
}
