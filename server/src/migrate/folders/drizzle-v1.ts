// Drizzle 1.0: a folder a migration, <YYYYMMDDHHMMSS>_name with migration.sql and a snapshot of the schema after it, told
// apart from Prisma's by that snapshot.
import { basename, dirname } from "node:path/posix";
import { parse, parseTree } from "jsonc-parser/lib/esm/main.js";
import type { FolderProblem, Migration, MigrationFolder } from "../../model/migration";
import type { Files } from "../../sources/source";
import { checksumsOf, journalTable, snapshotDialect } from "./drizzle";
import { nextSnapshots, stateOf, type RecordVersion } from "./drizzle-snapshot-v1";
import { FolderError, type FolderContext, type FolderFiles, type FolderFormat, type NewMigration, type WrittenFile } from "./folder-format";
import { ended, filePart, filesInFolders, nameInFile, partsBeside, script, unreadable, wayBackText } from "./parts";
import { nextTimes } from "./times";

export const drizzleV1: FolderFormat = { read, write };

/** As drizzle-kit 1.0 writes: `writeResult` and `prepareMigrationMetadata` in its sources. */
function write({ folder, dialect, migrations }: MigrationFolder, added: readonly NewMigration[], files: Pick<Files, "read" | "list">, { now, before, after, code }: FolderContext): readonly WrittenFile[] {
  if (dialect !== "postgresql") throw new FolderError(`${folder} is for ${dialect}, and Plumbline writes Drizzle migrations for PostgreSQL alone. Generate it with drizzle-kit.`);
  const snapshots = [...files.list("*/snapshot.json", folder)].sort((a, b) => (a < b ? -1 : 1));
  const state = stateOf(snapshots.map((file) => ({ file, text: files.read(file) ?? "" })), recordVersion(folder, files));
  const times = nextTimes(migrations.map(({ version }) => version), now, added.length);
  const names = added.map(({ name }, position) => `${times[position]!}_${nameInFile(name)}`);
  const next = nextSnapshots(state, before, added.map(({ up }, position) => ({ name: names[position]!, after: after[position]!, up })), code);
  return added.flatMap(({ up, down, verify }, position): readonly WrittenFile[] => {
    const beside = `${folder}/${names[position]!}`;
    return [
      { file: `${beside}/migration.sql`, text: up.map(ended).join("--> statement-breakpoint\n") },
      { file: `${beside}/down.sql`, text: wayBackText(down) },
      ...(verify && verify.length > 0 ? [{ file: `${beside}/verify.sql`, text: script(verify) }] : []),
      { file: `${beside}/snapshot.json`, text: JSON.stringify(next.snapshots[position], undefined, 2) },
    ];
  });
}

/** Which snapshots the project's drizzle-kit writes: the one that is installed, else the one that package.json asks for. */
function recordVersion(folder: string, files: Pick<Files, "read">): RecordVersion {
  const above = foldersAbove(folder);
  const installed = above.map((at) => json(`${at}/node_modules/drizzle-kit/package.json`, files)["version"]);
  const asked = above.flatMap((at) => ["devDependencies", "dependencies"].map((list) => (json(`${at}/package.json`, files)[list] as Record<string, unknown> | undefined)?.["drizzle-kit"]));
  const version = [...installed, ...asked].find((one) => typeof one === "string");
  return typeof version === "string" && /^[^\d]*1\.0\.0-(?:beta\b|rc\.[1-4]\b|rc\.5-)/.test(version) ? "8" : "9";
}

function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...foldersAbove(parent)];
}

function json(file: string, files: Pick<Files, "read">): Readonly<Record<string, unknown>> {
  const value: unknown = parse(files.read(file) ?? "{}");
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function read(folder: string, files: FolderFiles): MigrationFolder | undefined {
  const snapshots = files.list("*/snapshot.json", folder);
  if (snapshots.length === 0 || files.exists(`${folder}/meta/_journal.json`)) return undefined;
  const problems: FolderProblem[] = [];
  // As drizzle-orm 1.0 sorts them: migrator.js, readMigrationFiles.
  const names = filesInFolders("migration.sql", folder, files).map((file) => basename(dirname(file))).sort((a, b) => a.localeCompare(b));
  const migrations = names.flatMap((name): readonly Migration[] => {
    const [file, down, verify] = ["migration", "down", "verify"].map((part) => `${folder}/${name}/${part}.sql`) as [string, string, string];
    const up = filePart(file, files);
    problems.push(...unreadable([file, down, verify], files, { migration: name }));
    if (!up) return [];
    const when = timeOf(name);
    if (when === undefined) {
      problems.push({ kind: "unreadable", migration: name, at: { file, start: 0, end: 0 }, message: `The folder ${folder}/${name} must begin with a time as YYYYMMDDHHMMSS, by which drizzle-orm records it; found "${name}". Rename it.` });
      return [];
    }
    return [{
      id: name, version: /^\d+/.exec(name)![0], up, when,
      ...partsBeside(down, verify, files),
      checksums: checksumsOf(up.sql),
    }];
  });
  for (const snapshot of snapshots) {
    const name = basename(dirname(snapshot));
    if (!names.includes(name)) problems.push({ kind: "missing-file", migration: name, at: { file: snapshot, start: 0, end: 0 }, message: `${snapshot} is there, but there is no migration.sql beside it. Restore it, or remove the folder ${folder}/${name}.` });
  }
  return { folder, format: "drizzle v1", dialect: snapshotDialect(dialectIn(files.read(snapshots.at(-1)!))), migrations, journal: journalTable, problems };
}

/** Milliseconds since 1970 of the time that the name begins with, as drizzle-orm reads it (migrator.utils.js, formatToMillis). */
function timeOf(name: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(name)?.slice(1).map(Number);
  return parts && Date.UTC(parts[0]!, parts[1]! - 1, parts[2], parts[3], parts[4], parts[5]);
}

function dialectIn(snapshot: string | undefined): string | undefined {
  const found: unknown = snapshot === undefined ? undefined : parseTree(snapshot)?.children?.find(({ children }) => children?.[0]?.value === "dialect")?.children?.[1]?.value;
  return typeof found === "string" ? found : undefined;
}
