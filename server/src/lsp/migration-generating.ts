// Generating a migration for the client: what it may be generated for, and its files with the code's own edit, all as data.
// It writes nothing.
import { isBesideTables } from "../model/change";
import type { SchemaModel } from "../model/schema";
import { tableKey } from "../model/table-key";
import type { WrittenFile } from "../migrate/folders/folder-format";
import type { GeneratedFiles, GenerateRequest } from "../migrate/operations/operations";
import { provedWhere } from "../migrate/proof";
import { refusalText } from "../report/change-text";
import { tableName } from "../report/placed-finding";
import type { Steps } from "./database-connection";
import { editorWords } from "./editor-words";
import { editFor, type EditAbilities } from "./fixes";
import { databaseFix, differencesOf, migrationName, tableOfChange, type DatabaseFix } from "./migration-changes";
import { folderProject, MigrationRefusal, openProjects, projectOf, targetOf, type MigrationParts, type OpenProject } from "./migration-operations";
import { pathOf, uriOf, type Texts } from "./place";
import type { Databases } from "./databases";
import type { GenerateMigrationAnswer, GenerateMigrationRequest, GenerateWhat, MigrationFiles, MigrationSubject } from "./protocol";
import type { Folder, Workspace } from "./workspace";
import type { Finding } from "../model/finding";
import type { Wanted } from "./missing-indexes";

export interface GeneratingParts extends MigrationParts {
  readonly texts: Texts;
  readonly capabilities: EditAbilities;
}

/** The schemas for which migrations can be generated, with their tables and what the connected database lacks of them. */
export function subjects(workspace: Workspace, databases: Pick<Databases, "connected">, texts: Texts): readonly MigrationSubject[] {
  return workspace.folders.flatMap((folder) => {
    const report = folder.report();
    return report.schemas.map(({ model }) => model).filter(({ dialect, tables }) => (dialect === "postgresql" || dialect === "cockroachdb") && tables.length > 0).map((model): MigrationSubject => {
      const changes = differencesOf(model, folder);
      const byTable = new Map<string, number>();
      for (const change of changes) {
        if (isBesideTables(change)) continue;
        const key = tableKey(tableOfChange(change));
        byTable.set(key, (byTable.get(key) ?? 0) + 1);
      }
      const connected = databases.connected().find(({ connection, schemas }) => connection.root === folder.root && schemas.includes(model.id));
      return {
        root: folder.root, schema: model.id, ...(connected && { database: { name: connected.connection.name, differences: changes.length } }),
        tables: model.tables.map(({ name, at }) => ({ name: tableName(name), differences: byTable.get(tableKey(name)) ?? 0, ...(at && { file: texts.uri(at.file) }) })),
      };
    });
  });
}

/** Rejects with a `MigrationRefusal`, or as the operations do. */
export async function generateMigration(request: GenerateMigrationRequest, parts: GeneratingParts, { signal, tell }: Steps): Promise<GenerateMigrationAnswer> {
  const { what } = request;
  const found = what.kind === "finding" ? findingOf(what, parts.workspace) : undefined;
  const project = found ? await projectOf({ root: found.folder.root, schema: found.mended.schema }, parts) : await chosenProject(request, parts);
  if ("kind" in project) return project;
  tell("comparing, writing and proving it");
  const generated = await project.operations.generate({ ...(request.renames && { renames: request.renames }), ...requestOf(what, request.name, project, found?.mended, parts) }, signal);
  if (generated.questions.length > 0) return { kind: "questions", questions: generated.questions };
  const [refused, left] = [generated.refused.map(refusalText), generated.notGenerated ?? []].map((sentences) => sentences.map(editorWords));
  if (generated.written.length === 0) return { kind: "nothing", message: refused![0] ?? ["There is nothing to migrate: no difference was found.", ...comparedWith(generated), ...left!].join(" ") };
  return answerOf(generated, [...refused!, ...left!], project, found, parts);
}

function comparedWith({ compared }: GeneratedFiles): readonly string[] {
  return compared === undefined ? [] : [editorWords(compared)];
}

interface FoundFinding {
  readonly folder: Folder;
  readonly finding: Finding;
  readonly mended: DatabaseFix;
}

/** What the client writes of a migration. */
export function migrationFiles(written: readonly WrittenFile[], { folder, schema }: OpenProject, { texts, files }: Pick<GeneratingParts, "texts" | "files">): MigrationFiles {
  const disk = files("/");
  const read = folder.report().schemas.find(({ model }) => model.id === schema)?.dependsOn ?? [];
  return {
    files: written.map(({ file, text }) => ({ uri: uriOf(file), text, exists: disk.exists(file), shown: file.endsWith(".sql") && !/(^|[./])(down|verify)\.sql$/.test(file) })),
    unsaved: read.filter((file) => texts.version(file) !== null && texts.document(file)?.getText() !== disk.read(file)).map((file) => texts.uri(file)),
  };
}

function answerOf(generated: GeneratedFiles, refused: readonly string[], project: OpenProject, found: FoundFinding | undefined, parts: GeneratingParts): GenerateMigrationAnswer {
  const { texts, capabilities } = parts;
  const wanted: readonly Wanted[] = found?.mended.fix ? [{ folder: found.folder, finding: found.finding, fix: found.mended.fix }] : [];
  const { edit } = editFor(wanted, texts, capabilities);
  return {
    kind: "generated", ...migrationFiles(generated.written, project, parts), refused, notes: [...comparedWith(generated), ...(generated.proofNotes ?? [])], losses: generated.migrations.flatMap(({ losses }) => losses),
    ...(edit && { edit }), ...(generated.proof && { proof: generated.proof.map(editorWords), provedWhere: provedWhere(generated.proofPart) }), ...(generated.unproved !== undefined && { unproved: editorWords(generated.unproved) }),
  };
}

function requestOf(what: GenerateWhat, name: string | undefined, project: OpenProject, mended: DatabaseFix | undefined, parts: GeneratingParts): GenerateRequest {
  switch (what.kind) {
    case "finding": return mended!.table === undefined ? { name: name ?? migrationName(mended!.changes), changes: mended!.changes } : { name: name ?? `change_${mended!.table}`, from: "folder", tables: [mended!.table] };
    case "empty": return { name: name ?? "by_hand", empty: true };
    case "difference": {
      const files = what.files?.flatMap((uri) => pathOf(uri) ?? []);
      return { name: name ?? "schema_changes", from: fromOf(what.from, project, parts), ...(what.tables && { tables: what.tables }), ...(files && { files }) };
    }
  }
}

type From = Extract<GenerateWhat, { readonly kind: "difference" }>["from"];

function fromOf(from: From, project: OpenProject, { workspace }: GeneratingParts): NonNullable<GenerateRequest["from"]> {
  switch (from.kind) {
    case "folder": return "folder";
    case "database": {
      const [first] = project.databases;
      if (!first) throw new MigrationRefusal("No database is connected to compare with. Connect to one first.");
      return targetOf(project, first.name, "read").target;
    }
    case "schema": {
      const models: readonly SchemaModel[] = workspace.folders.flatMap((folder) => folder.report().schemas.map(({ model }) => model));
      const model = models.find(({ id }) => id === from.schema);
      if (!model) throw new MigrationRefusal(`The schema ${from.schema} is no longer there.`);
      return model;
    }
  }
}

function findingOf({ uri, key }: Extract<GenerateWhat, { readonly kind: "finding" }>, workspace: Workspace): FoundFinding {
  const path = pathOf(uri);
  const folder = path === undefined ? undefined : workspace.folderOf(path);
  const finding = folder?.report().findings.find((one) => one.key === key && one.at?.file === path);
  const mended = finding && folder && databaseFix(finding, folder);
  if (!mended) throw new MigrationRefusal("The finding is no longer there. Nothing was written.");
  return { folder, finding, mended };
}

/** The project that is named; without a name the only one, or that which declares the files, or, for what is written by hand, the folder that is open. */
async function chosenProject({ root, schema, what }: GenerateMigrationRequest, parts: GeneratingParts): Promise<OpenProject | Extract<GenerateMigrationAnswer, { readonly kind: "schema" | "nothing" }>> {
  if (root !== undefined && schema !== undefined) return projectOf({ root, schema }, parts);
  const all = await openProjects(parts);
  const files = what.kind === "difference" ? what.files?.map(pathOf) : undefined;
  const declares = ({ folder, schema: id }: OpenProject): boolean => folder.report().schemas.some(({ model }) => model.id === id && model.tables.some(({ at }) => at && files!.includes(at.file)));
  const byHand = what.kind === "empty" && all.length === 0;
  const own = files ? all.filter(declares) : byHand ? await Promise.all(parts.workspace.folders.map((folder) => folderProject(folder, parts))) : all;
  if (own.length === 1) return own[0]!;
  if (own.length > 1) return { kind: "schema", schemas: own.map((project) => ({ root: project.root, schema: project.schema })) };
  return { kind: "nothing", message: files ? "No table of a PostgreSQL schema is declared in these files." : "No PostgreSQL schema with tables, and no folder of migrations, was found in this workspace." };
}
