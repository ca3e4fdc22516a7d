// Proves files that are yet to be written: on an embedded database as it stands before them the runner carries them up, the
// schema must be the one that is wanted, then down, and everything must be as it was.
import { DatabaseError } from "../../databases/database";
import { securedRecipe } from "../../databases/embedded/recipe";
import { postgres } from "../../dialects/postgres";
import type { Change } from "../../model/change";
import type { Migration, MigrationFolder } from "../../model/migration";
import type { DialectName, SchemaModel } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { changeText } from "../../report/change-text";
import type { Files } from "../../sources/source";
import type { WrittenFile } from "../folders/folder-format";
import { formats } from "../folders/formats";
import { differences } from "../generate/differences";
import type { GeneratedMigration } from "../generated";
import { viewsInOrder } from "../generate/views";
import { runsTable } from "../journal/history";
import type { Proof } from "../proof";
import { RunError } from "../run/progress";
import { down, up } from "../run/runner";
import { concernedBy, concernedViews } from "./concerned";
import { declaredOtherwise, declaredScripts } from "./declared";
import { lackingNote } from "./extensions";
import { differencesOf, fingerprint } from "./fingerprint";
import { beyondEmbedded } from "./limits";
import { withWritten } from "./overlay";
import { otherPolicies } from "./policies";
import { openProving, replay, type ProvingDatabase, type ProvingPlace } from "./scratch";
import { readInWordsOf } from "./spelled";

export interface GeneratedProof {
  /** Without the new files. */
  readonly folder: MigrationFolder;
  readonly files: Files;
  readonly made: readonly GeneratedMigration[];
  readonly written: readonly WrittenFile[];
  /** What stands before: what the folder's migrations lead to, or a database's schema, or another one. */
  readonly from: "folder" | SchemaModel;
}

/** The embedded database is a PostgreSQL. */
export function isProvable(dialect: DialectName): boolean {
  return dialect === "postgresql" || dialect === "cockroachdb";
}

/** Never says "proved" of what was not carried out. Rejects where it was cancelled. */
export async function proveGenerated(input: GeneratedProof, place: ProvingPlace): Promise<Proof> {
  const { folder, files, made, written, from } = input;
  if (!isProvable(folder.dialect)) return { kind: "not proved", why: `It is for ${folder.dialect}, and the embedded database is a PostgreSQL.` };
  const whole = formats[folder.format].read(folder.folder, withWritten(files, written));
  const added = whole?.migrations.filter(({ id }) => !folder.migrations.some((one) => one.id === id)) ?? [];
  if (!whole || added.length !== made.length) return { kind: "failed", problems: [`Of ${made.length} migrations ${added.length} are found in the folder ${folder.folder} once they are written.`] };
  const wanted = made.at(-1)!.after;
  // A folder's migrations may make what no model holds, and stand whole.
  const changes = made.flatMap((one) => one.changes);
  if (from === "folder") return proofOn({ folder, whole, added, from, wanted, changes }, place);
  const part = concernedBy(from, changes, wanted, textsOf(added));
  if (part) {
    const proof = await proofOn({ folder, whole, added, from: part.before, wanted: part.wanted, changes }, place);
    if (proof.kind === "proved") return { ...proof, part: { tables: part.tables, of: part.of } };
  }
  return proofOn({ folder, whole, added, from, wanted, changes }, place);
}

interface ProofParts extends Pick<GeneratedProof, "folder" | "from"> {
  /** The folder with the new files, and these. */
  readonly whole: MigrationFolder;
  readonly added: readonly Migration[];
  readonly wanted: SchemaModel;
  readonly changes: readonly Change[];
}

function textsOf(migrations: readonly Migration[]): readonly string[] {
  return migrations.flatMap(({ up, down }) => [up.sql, down?.sql ?? ""]);
}

async function proofOn({ folder, whole, added, from, wanted, changes }: ProofParts, place: ProvingPlace): Promise<Proof> {
  const recipe = from === "folder" ? undefined : securedRecipe(from);
  // The others are in nobody's way, and may need what no schema holds.
  const views = from === "folder" ? [] : concernedViews(from, textsOf(added));
  if (from !== "folder" && !recipe) return { kind: "not proved", why: "What stands before it cannot be made on the embedded database." };
  const start = recipe && [...declaredScripts(from as SchemaModel), ...recipe.scripts.map(({ text }) => text), ...viewsInOrder(views).flatMap((view) => [...postgres.sql({ kind: "add-view", view })!, ...(view.indexes ?? []).map(({ definition }) => definition)])];
  const scripts = [...(start ?? folder.migrations.map(({ up }) => up.sql)), ...textsOf(added)];
  let database: ProvingDatabase;
  try {
    database = await openProving(scripts, place);
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.kind === "cancelled") throw error;
    return { kind: "not proved", why: error.message };
  }
  try {
    const [lacking] = database.extensions.lacking;
    if (lacking !== undefined) return { kind: "not proved", why: lackingNote(lacking) };
    const before = recipe ? await makeStanding(start!, { ...(from as SchemaModel), views }, database) : await replayed(folder, database, place);
    if (before !== undefined) return { kind: "not proved", why: before };
    // A database that was named may have no record of the folder yet, or another one: only the new ones are run here.
    const proving: MigrationFolder = { ...folder, migrations: recipe ? added : whole.migrations, problems: [] };
    const left = new Set(from === "folder" ? [] : (from.views ?? []).filter((view) => !views.includes(view)).map(({ name }) => tableKey(name)));
    const proof = await upAndDown(proving, { added, changes }, left.size === 0 ? wanted : { ...wanted, views: wanted.views?.filter(({ name }) => !left.has(tableKey(name))) }, database, place);
    return proof.kind === "proved" ? { ...proof, notes: [...proof.notes, ...database.notes] } : proof;
  } finally {
    // Nothing of it is kept, and the system takes its time to clear the memory away. This process ends after it.
    void database.close();
  }
}

async function replayed(folder: MigrationFolder, database: ProvingDatabase, place: ProvingPlace): Promise<string | undefined> {
  const [problem] = await replay(folder.migrations, folder, database, place);
  return problem && `What the folder's migrations lead to could not be made: ${problem.message}`;
}

async function makeStanding(scripts: readonly string[], from: SchemaModel, { session }: ProvingDatabase): Promise<string | undefined> {
  try {
    for (const text of scripts) await session.run(text);
  } catch (error) {
    return `What stands before it could not be made on the embedded database: ${(error as Error).message}.`;
  }
  const [first] = differences(await readInWordsOf(from, session), from);
  return first && `What stands before it could not be made on the embedded database as it is: ${said(first)}.`;
}

async function upAndDown(folder: MigrationFolder, { added, changes }: Pick<ProofParts, "added" | "changes">, wanted: SchemaModel, database: ProvingDatabase, { signal }: ProvingPlace): Promise<Proof> {
  const { session } = database;
  const without = [folder.journal, { ...folder.journal, name: runsTable }];
  const options = { lossesConfirmed: true, ...(signal && { signal }) };
  const before = await fingerprint(session, without, signal);
  try {
    await up(database.context(folder), options);
    const model = await readInWordsOf(wanted, session, signal);
    const records = new Set(without.map(tableKey));
    const left = [...differences({ ...model, tables: model.tables.filter(({ name }) => !records.has(tableKey(name))) }, wanted), ...(await declaredOtherwise(changes, wanted, session, signal))];
    const otherwise = left.length > 0 ? [] : await otherPolicies(model, wanted, session, signal);
    if (otherwise.length > 0) return { kind: "failed", problems: otherwise };
    if (left.length > 0) return { kind: "failed", problems: left.map((change) => `After it has run, the schema is not as wanted: ${said(change)}.`) };
    const last = added.findLastIndex((one) => one.down === undefined);
    const back = added.slice(last + 1);
    const notes = added.slice(0, last + 1).map(({ id, irreversible, down: way }) => (way ? `${id} was not taken back, since one after it has no way back.` : `${id} has no way back: ${irreversible ?? "it has no down part"}.`));
    if (back.length > 0) await down(database.context(folder), { ...options, count: back.length });
    if (last >= 0) return { kind: "proved", notes };
    const problems = differencesOf(before, await fingerprint(session, without, signal), "After it has been taken back");
    return problems.length > 0 ? { kind: "failed", problems } : { kind: "proved", notes };
  } catch (error) {
    if (!(error instanceof RunError) || error.kind === "cancelled") throw error;
    const why = beyondEmbedded(error.cause);
    return why === undefined ? { kind: "failed", problems: [error.message] } : { kind: "not proved", why: `${error.message} The embedded database cannot run it: ${why}.` };
  }
}

function said(change: Change): string {
  const { sign, subject, text } = changeText(change);
  const what = { "+": "is missing", "-": "is there and should not be", "~": "is otherwise" }[sign];
  return text === "" ? `${subject} ${what}` : `${subject}, ${text} ${what}`;
}
