// Prisma Migrate's folder: <YYYYMMDDHHMMSS>_name/migration.sql, with migration_lock.toml beside them. down.sql and
// verify.sql in a migration's folder are Plumbline's; Prisma's engine passes them over.
import { basename, dirname } from "node:path/posix";
import type { FolderProblem, Migration, MigrationFolder } from "../../model/migration";
import type { DialectName } from "../../model/schema";
import type { Files } from "../../sources/source";
import type { FolderContext, FolderFiles, FolderFormat, NewMigration, WrittenFile } from "./folder-format";
import { filePart, filesInFolders, nameInFile, partsBeside, remembered, script, sha256, unreadable, wayBackText } from "./parts";
import { withStepComments } from "./prisma-steps";
import { nextTimes } from "./times";

export const prisma: FolderFormat = { read, write };

/** Where Prisma records, unless the connection's `?schema=` names another schema. */
const journal = { schema: "public", name: "_prisma_migrations" };

const dialects: Readonly<Record<string, DialectName>> = { postgresql: "postgresql", postgres: "postgresql", cockroachdb: "cockroachdb", mysql: "mysql", sqlite: "sqlite", sqlserver: "sqlserver", mongodb: "mongodb" };

function read(folder: string, files: FolderFiles): MigrationFolder | undefined {
  const inside = files.list("*/*", folder);
  const lock = files.read(`${folder}/migration_lock.toml`);
  const holding = filesInFolders("migration.sql", folder, files);
  if (holding.length === 0 && lock === undefined) return undefined;
  if (files.exists(`${folder}/meta/_journal.json`) || inside.some((file) => basename(file) === "snapshot.json")) return undefined;
  // As the command line sorts them before it hands them to the engine.
  const names = holding.map((file) => basename(dirname(file))).sort((a, b) => a.localeCompare(b));
  const migrations = names.flatMap((id): readonly Migration[] => {
    const up = filePart(`${folder}/${id}/migration.sql`, files);
    if (!up) return [];
    return [{ id, version: /^\d+/.exec(id)?.[0] ?? id, up, ...partsBeside(`${folder}/${id}/down.sql`, `${folder}/${id}/verify.sql`, files), checksums: checksumsOf(up.sql) }];
  });
  const unread = names.flatMap((id) => unreadable(["migration", "down", "verify"].map((part) => `${folder}/${id}/${part}.sql`), files, { migration: id }));
  const folders = files.beside?.(folder).folders.filter((name) => !name.startsWith(".")) ?? inside.map((file) => basename(dirname(file)));
  const provider = lock === undefined ? undefined : /^\s*provider\s*=\s*"([^"]*)"/m.exec(lock)?.[1];
  return { folder, format: "prisma", dialect: dialects[provider ?? ""] ?? "postgresql", migrations, journal, problems: [...unread, ...problemsOf(folder, { folders, inside }, names, lock, provider)] };
}

/** The engine tolerates other line ends, and hashes a byte order mark, which reading leaves out. */
const checksumsOf = remembered((text): readonly string[] => {
  const lines = text.replaceAll("\r\n", "\n");
  return [...new Set([text, lines, lines.replaceAll("\n", "\r\n")].flatMap((one) => [one, `\uFEFF${one}`]))].map(sha256);
});

function problemsOf(folder: string, { folders, inside }: { readonly folders: readonly string[]; readonly inside: readonly string[] }, names: readonly string[], lock: string | undefined, provider: string | undefined): readonly FolderProblem[] {
  const problems: FolderProblem[] = [];
  const known = new Set(names);
  for (const name of folders) {
    // The engine takes every folder for a migration, an empty one too, and refuses to go on where one has no migration.sql.
    if (known.has(name)) continue;
    known.add(name);
    // At a file that can be opened, where there is one.
    const file = inside.find((one) => dirname(one) === `${folder}/${name}`) ?? `${folder}/${name}/migration.sql`;
    problems.push({ kind: "missing-file", migration: name, at: { file, start: 0, end: 0 }, message: `${folder}/${name} has no migration.sql, and Prisma refuses to migrate beside it (P3015). Restore the file, or remove the folder.` });
  }
  if (lock !== undefined && dialects[provider ?? ""] === undefined) {
    const file = `${folder}/migration_lock.toml`;
    problems.push({ kind: "unreadable", at: { file, start: 0, end: lock.length }, message: `${file} must name the provider, as in provider = "postgresql"; found ${provider === undefined ? "none" : `"${provider}"`}. Restore it from version control.` });
  }
  return problems;
}

function write({ folder, dialect, migrations }: MigrationFolder, added: readonly NewMigration[], files: Pick<Files, "exists">, { now }: FolderContext): readonly WrittenFile[] {
  const times = nextTimes(migrations.map(({ version }) => version), now, added.length);
  const written = added.flatMap(({ name, up, down, verify }, number): readonly WrittenFile[] => {
    const at = `${folder}/${times[number]}_${nameInFile(name).slice(0, 200)}`;
    return [
      { file: `${at}/migration.sql`, text: up.length === 0 ? "-- This is an empty migration." : script(withStepComments(up), "\n\n") },
      { file: `${at}/down.sql`, text: wayBackText(down) },
      ...(verify ? [{ file: `${at}/verify.sql`, text: script(verify) }] : []),
    ];
  });
  const lock = `${folder}/migration_lock.toml`;
  return files.exists(lock) ? written : [{ file: lock, text: lockText(dialect) }, ...written];
}

/** As `prisma migrate dev` writes it for the first migration. */
function lockText(dialect: DialectName): string {
  return `# Please do not edit this file manually\n# It should be added in your version-control system (e.g., Git)\nprovider = "${dialect}"\n`;
}
