// Whether a database is what its migrations are to be recorded as: as the code's schema says, or, where the code has none, as
// the folder's files lead to.
import { modelSeenBy } from "../../compare/searched-schema";
import { readSession } from "../../databases/postgres/session-reading";
import type { Session } from "../../databases/session";
import type { Change } from "../../model/change";
import type { MigrationFolder } from "../../model/migration";
import { keepsAccountOfMigrations } from "../../model/migration-accounts";
import type { SchemaModel } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import { changeText } from "../../report/change-text";
import type { Files } from "../../sources/source";
import { recordedSchema } from "../folders/drizzle-recorded-schema";
import { differences } from "../generate/differences";
import { fingerprint } from "../prove/fingerprint";
import type { ProvingPlace } from "../prove/scratch";
import { otherObjects } from "./existing";
import { replaying } from "./replayed";
import { inWordsOf } from "./spelling";

/** What differs, in full sentences; undefined: nothing. `standing` as the code calls it. */
export function unlikeCode(standing: SchemaModel, schema: SchemaModel): string | undefined {
  return differs("the schema in the code", linesOf(differences(standing, schema)), ': "plumbline diff db code" tells all, "plumbline migrate new --database" makes a migration of it.');
}

/**
 * The same of what the folder's files lead to, or of what drizzle-kit has recorded of them where the embedded database lacks what they need. Of what the schema model does not hold (views, functions, triggers, policies) only what is missing is told.
 * Rejects with a `RunError` where a file does not run on the embedded database, with a `SessionError` or `DatabaseError`.
 */
export async function unlikeFolder(session: Session, folder: MigrationFolder, files: Pick<Files, "read" | "list">, place: ProvingPlace): Promise<string | undefined> {
  const { signal } = place;
  const read = async (one: Session) => ({ model: (await readSession(one, signal)).model, objects: await fingerprint(one, [folder.journal], signal) });
  const recorded = () => { const model = recordedSchema(folder, files); return model && { model, objects: new Map<string, string>() }; };
  const expected = await replaying(folder, place, { instead: "", use: read, otherwise: recorded });
  const actual = await read(session);
  const schemaOf = (model: SchemaModel): SchemaModel => ({ ...model, tables: model.tables.filter(({ name }) => !keepsAccountOfMigrations(name) && !sameTable(name, folder.journal)) });
  // Partitions come and go with time; views are among the others.
  const standing = await inWordsOf(expected.model, modelSeenBy(undefined, actual.model), place, signal);
  const changes = differences(schemaOf(standing), schemaOf(expected.model)).filter((change) => (change.kind !== "add-table" || change.table.partitionOf === undefined) && !isOfView(change));
  const others = otherObjects(expected.objects, actual.objects, session.searched).map(({ object }) => `+ ${object}`);
  return differs(`what the files in ${folder.folder} lead to`, [...linesOf(changes), ...others], ': "plumbline diff db migrations" tells more.');
}

function isOfView({ kind }: Change): boolean {
  return kind === "add-view" || kind === "drop-view" || kind === "alter-view";
}

function linesOf(changes: readonly Change[]): readonly string[] {
  return changes.map(changeText).map(({ sign, subject, text }) => `${sign} ${subject}${text === "" ? "" : `: ${text}`}`);
}

/** With at most ten of the lines. */
function differs(from: string, lines: readonly string[], more: string): string | undefined {
  if (lines.length === 0) return undefined;
  return `The database differs from ${from}, so nothing can be recorded as applied. It would take:\n${lines.slice(0, 10).map((line) => `  ${line}`).join("\n")}${lines.length > 10 ? `\n  … and ${lines.length - 10} more` : ""}\nBring the two together first${more}`;
}
