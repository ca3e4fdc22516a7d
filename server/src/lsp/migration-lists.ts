// The migrations of a project as the client's view shows them: with the connected database's state, and with that of the
// databases that are shown beside it. It only reads.
import { relativePath } from "../config";
import { DatabaseError } from "../databases/database";
import { SessionError } from "../databases/session";
import { FolderError } from "../migrate/folders/folder-format";
import type { Target } from "../migrate/operations/operations";
import { RunError } from "../migrate/run/progress";
import type { Migration, MigrationStatus } from "../model/migration";
import type { Described } from "./database-connection";
import { editorWords } from "./editor-words";
import { MigrationRefusal, type OpenProject } from "./migration-operations";
import { uriOf } from "./place";
import type { MigrationItem, MigrationList } from "./protocol";

/** One for each connected database that holds the schema, and for each of `beside`; one without states where there is none, or no folder. */
export async function listsOf({ root, schema, operations, databases }: OpenProject, beside: readonly Described[], signal: AbortSignal): Promise<readonly MigrationList[]> {
  const { folder } = operations;
  const known = {
    root, schema, problems: folder?.problems.map(({ message }) => editorWords(message)) ?? [],
    ...(folder && { folder: { uri: uriOf(folder.folder), path: relativePath(folder.folder, root), format: formats[folder.format] } }),
  };
  const shown = [
    ...databases.map((one) => ({ ...one, connected: true })),
    ...beside.filter((one) => one.root === root && !databases.some(({ name }) => name === one.name)).map((one) => ({ ...one, connected: false })),
  ];
  const alone: MigrationList = { ...known, migrations: (folder?.migrations ?? []).map((migration) => itemOf(migration)) };
  if (!folder && databases.length > 0) return databases.map(({ name, address, production }) => ({ ...alone, database: { name, address, production, connected: true } }));
  if (!folder || shown.length === 0) return [alone];
  return Promise.all(shown.map(async ({ name, address, production, settings, connected }): Promise<MigrationList> => {
    const database = { name, address, production, connected, ...(!settings && { trial: true as const }) };
    const target: Target = settings ? { kind: "connection", settings } : { kind: "embedded" };
    try {
      const { migrations, problems } = await operations.status(target, signal);
      return { ...known, database, problems: [...known.problems, ...problems.map(editorWords)], migrations: migrations.map((one) => itemOf(one.migration, one)) };
    } catch (error) {
      const refused = error instanceof DatabaseError && error.kind === "refused password";
      return { ...alone, database, problems: [...known.problems, messageOf(error)], ...(refused && { refused }) };
    }
  }));
}

/** The sentence for people; Plumbline's own mistakes are thrown on. */
export function messageOf(error: unknown): string {
  if (error instanceof MigrationRefusal || error instanceof RunError || error instanceof FolderError || error instanceof SessionError || error instanceof DatabaseError) return editorWords(error.message);
  throw error;
}

const formats = { "drizzle v0": "Drizzle", "drizzle v1": "Drizzle 1.0", prisma: "Prisma", sql: "SQL" } as const;

function itemOf(migration: Migration | undefined, status?: MigrationStatus): MigrationItem {
  return {
    id: status?.id ?? migration!.id,
    undo: migration?.down ? "yes" : migration?.irreversible !== undefined ? `irreversible: ${migration.irreversible}` : "it has no down part",
    ...(migration && { uri: uriOf(migration.up.file) }),
    ...(status && { state: status.state }), ...(status?.message !== undefined && { message: editorWords(status.message) }), ...(status?.applied?.appliedAt !== undefined && { appliedAt: status.applied.appliedAt }),
  };
}
