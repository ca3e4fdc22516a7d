// A new migration of the project: the difference of what stands and what is wanted as files in the folder's own format,
// or as the first files of a folder that is yet to be, proved on the embedded database. It writes nothing to disk.
import { createdExtensions } from "../../databases/embedded/extensions";
import type { BegunScratch } from "../../databases/embedded/scratch";
import type { Change } from "../../model/change";
import type { MigrationFolder } from "../../model/migration";
import type { QualifiedName, SchemaModel } from "../../model/schema";
import { withoutOthers } from "../../other-schemas";
import type { Files } from "../../sources/source";
import { loadSqlParser } from "../../sql/load";
import { rolesAndSchemas } from "../../sql/roles-and-schemas";
import { ownersRecord, recordedConstraints, recordedObjects, withDeclared, type RecordedObject } from "../folders/drizzle-recorded";
import { formats } from "../folders/formats";
import type { NewMigration, WrittenFile } from "../folders/folder-format";
import { declaredIn } from "../generate/declared";
import { generate } from "../generate/generate";
import { schemasIn } from "../generate/schema-renames";
import type { GeneratedMigration } from "../generated";
import { isProvable, proveGenerated } from "../prove/generated";
import { beginProving, type ProvingPlace } from "../prove/scratch";
import { RunError } from "../run/progress";
import type { GenerateRequest, GeneratedFiles } from "./operations";
import { notGenerated } from "./not-generated";
import { provingPlace, replayedModel, type Replayed } from "./replayed";
import { beginReading, type ScratchPlace, type Standing } from "./reading";
import { inWordsOf } from "./spelling";
import { viewsInWordsOf } from "./view-spelling";

export interface GenerateParts {
  readonly files: Files;
  /** The project's folder, or the one that a first migration starts. */
  readonly folder: MigrationFolder;
  readonly schema: SchemaModel;
  /** Names that the workspace's other schemas alone declare: what a database holds of them stays as it is. */
  readonly elsewhere: readonly QualifiedName[];
  readonly indexName?: string;
  readonly scratch: ScratchPlace;
  readonly now: Date;
}

/** Rejects with a `RunError`, `FolderError` or `DatabaseError`. */
export async function generatedFiles(request: GenerateRequest, parts: GenerateParts, signal?: AbortSignal): Promise<GeneratedFiles> {
  const { folder, schema, files, now } = parts;
  const format = formats[folder.format];
  if (request.empty) {
    const started: NewMigration = { name: request.name, up: ["-- Write what is to be done."], down: ["-- Write what takes it back, or in place of it: -- irreversible: why"], verify: ["-- Write SELECTs that must give true afterwards."] };
    return { migrations: [], refused: [], questions: [], written: format.write(folder, [started], files, { now, before: schema, after: [schema], code: schema }), unproved: "Its statements are yet to be written by hand; \"plumbline migrate test\" proves them then." };
  }
  if (request.proof === false) return compared(request, parts, undefined, signal);
  const proving = request.begun?.proving ?? (isProvable(parts.folder.dialect) ? beginProving(parts.scratch) : undefined);
  try {
    return await compared(request, parts, proving, signal);
  } finally {
    if (proving !== request.begun?.proving) await proving?.end();
  }
}

async function compared(request: GenerateRequest, parts: GenerateParts, proving: BegunScratch | undefined, signal?: AbortSignal): Promise<GeneratedFiles> {
  const { folder, schema, files, now } = parts;
  const format = formats[folder.format];
  const { model: standingModel, standing, recorded: instead } = await leftSide(request, parts, signal);
  const recorded = recordedObjects(folder, files);
  const spelled = request.changes ? standingModel : await inWordsOf(schema, standingModel, { ...parts.scratch, ...(proving && { begun: proving }) }, signal);
  const wanted: SchemaModel | readonly Change[] = request.changes ?? schema;
  const { standing: alike, unsure } = request.changes ? { standing: spelled, unsure: [] } : await viewsInWordsOf(schema, spelled, { recorded, files, scratch: parts.scratch, ...((request.from ?? "folder") === "folder" && instead === undefined && { folder }) }, signal);
  const before = alike.source === "database" ? await declaredSoFar(alike, recorded, parts) : alike;
  const only = wantedTables(request, [schema, before]);
  // Without a record, whatever stands after the folder's migrations was made by them.
  const replayed = !folder.format.startsWith("drizzle") && (request.from ?? "folder") === "folder";
  const made = generate({ name: request.name, format: folder.format, before, wanted, record: ownersRecord(recorded, recordedConstraints(folder, files)), ...(replayed && { ownSchemas: [...schemasIn(before)] }), ...(only && { only }), ...(request.renames && { renames: request.renames }), ...(parts.indexName !== undefined && { indexName: parts.indexName }) });
  const written = made.questions.length > 0 || made.migrations.length === 0 ? [] : format.write(folder, made.migrations, files, { now, before, after: made.migrations.map(({ after }) => after), code: schema });
  const own = replayed ? rolesAndSchemas(folder.migrations.map(({ up }) => up.sql), await loadSqlParser()) : undefined;
  const left = request.changes ? [] : notGenerated({ code: schema, before, recorded, unsure, ...(own && { made: own }), extensions: folder.migrations.flatMap(({ up }) => createdExtensions(up.sql)), format: folder.format, ...(only && { only }) });
  const [stood, proof] = await Promise.all([standing, written.length > 0 ? proofOf(instead === undefined ? request : { ...request, from: before }, before, made.migrations, written, parts, proving, signal) : {}]);
  return { ...made, written, ...(instead !== undefined && { compared: instead }), ...(left.length > 0 && { notGenerated: left }), ...(stood && { standing: stood }), ...proof };
}

/** What stands, with the schemas and roles that the owner's record says the code has declared; without a record, those of the code that the folder's migrations make. */
export async function declaredSoFar(standing: SchemaModel, recorded: readonly RecordedObject[], { folder, schema }: Pick<GenerateParts, "folder" | "schema">): Promise<SchemaModel> {
  if (folder.format.startsWith("drizzle")) return withDeclared(standing, recorded);
  const code = declaredIn(schema);
  if (!code || (code.schemas.length === 0 && code.roles.length === 0)) return standing;
  const made = rolesAndSchemas(folder.migrations.map(({ up }) => up.sql), await loadSqlParser());
  return {
    ...standing, schemas: code.schemas.filter((name) => made.schemas.has(name)),
    roles: code.roles.flatMap(({ name }) => { const options = made.roles.get(name); return options ? [{ name, ...options }] : []; }),
  };
}

async function proofOf({ from = "folder", proof: wanted }: GenerateRequest, before: SchemaModel, made: readonly GeneratedMigration[], written: readonly WrittenFile[], { folder, files, scratch }: GenerateParts, begun: BegunScratch | undefined, signal?: AbortSignal): Promise<Pick<GeneratedFiles, "proof" | "unproved" | "proofNotes" | "proofPart">> {
  if (wanted === false) return { unproved: "It was not run on the embedded database; \"plumbline migrate test\" does that for the whole folder." };
  const place: ProvingPlace = { ...(await provingPlace(scratch, signal)), ...(begun && { begun }) };
  const proof = await proveGenerated({ folder, files, made, written, from: from === "folder" ? from : before }, place);
  switch (proof.kind) {
    case "proved": return { proof: [], proofNotes: proof.notes, ...(proof.part && { proofPart: proof.part }) };
    case "failed": return { proof: proof.problems };
    case "not proved": return { unproved: proof.why };
  }
}

/** The schema before anything of it is made. */
export function emptied({ schemas: _schemas, roles: _roles, sequences: _sequences, views: _views, unmodelled: _unmodelled, hidden: _hidden, ...schema }: SchemaModel): SchemaModel {
  return { ...schema, tables: [], enums: [] };
}

/** Of the difference. */
async function leftSide({ from = "folder", planned, begun }: GenerateRequest, parts: GenerateParts, signal?: AbortSignal): Promise<Replayed & { readonly standing?: Promise<Standing> }> {
  if (from === "folder") return parts.folder.migrations.length === 0 ? { model: emptied(parts.schema) } : replayedModel(parts.folder, parts, signal);
  if (!("kind" in from)) return { model: from };
  const reading = begun?.reading;
  const read = reading ?? beginReading(from, parts.scratch, signal);
  try {
    const standing = planned ? read.standing(parts.schema, parts.folder) : undefined;
    standing?.catch(() => undefined);
    const { model } = (await read.whole(parts.schema)).reading;
    // Asked now, so that the answer comes while the difference is made.
    if (reading) await new Promise(setImmediate);
    else await standing;
    return { model: withoutOthers(model, parts.elsewhere), ...(standing && { standing }) };
  } finally {
    if (!reading) await read.close();
  }
}

/** Undefined: all tables. Throws a `RunError` for a name that no table has, and for a file without tables. */
function wantedTables({ tables, files }: GenerateRequest, models: readonly SchemaModel[]): ((name: QualifiedName) => boolean) | undefined {
  if (!tables && !files) return undefined;
  const all = models.flatMap((model) => model.tables);
  const called = (name: QualifiedName, wanted: string): boolean => wanted === name.name || wanted === `${name.schema ?? "public"}.${name.name}`;
  const missing = tables?.find((wanted) => !all.some(({ name }) => called(name, wanted)));
  if (missing !== undefined) throw new RunError(`There is no table "${missing}", neither in the code nor in what stands.`, "stopped before", { done: [], status: [] });
  const empty = files?.find((file) => !all.some(({ at }) => at?.file === file));
  if (empty !== undefined) throw new RunError(`${empty} declares no table of the schema.`, "stopped before", { done: [], status: [] });
  const inFiles = all.filter(({ at }) => at !== undefined && files?.includes(at.file)).map(({ name }) => name);
  return (name) => (tables?.some((wanted) => called(name, wanted)) ?? false) || inFiles.some((one) => one.name === name.name && (one.schema ?? "public") === (name.schema ?? "public"));
}
