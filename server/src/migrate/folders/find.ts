// Where the migrations of a schema lie: what the settings say, what the ORM's own config says, else what lies beside the
// schema as its tool would make it, else a folder of plain SQL.
import { dirname, join } from "node:path/posix";
import type { MigrationFolder, MigrationFormat } from "../../model/migration";
import type { QualifiedName, SchemaModel } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import { migrationsOfConfig as drizzleMigrations, type MigrationsConfig } from "../../sources/drizzle/configs";
import { createMachine } from "../../sources/drizzle/machine";
import { migrationsOfConfig as prismaMigrations } from "../../sources/prisma/config";
import type { Files } from "../../sources/source";
import { journalTable } from "./drizzle";
import { readFolder } from "./formats";

/** The setting `migrations`, its folder absolute; or the folder that a command names. */
export interface WantedFolder {
  readonly folder: string;
  /** The table of applied migrations, where it is not the format's own. */
  readonly table?: string;
  readonly schema?: string;
}

export type MigratedSchema = Pick<SchemaModel, "source" | "dialect" | "config" | "tables">;

/** The folder of the schema, or of the project where it has none; undefined where there are no migrations yet. */
export function findFolder(files: Files, schema: MigratedSchema | undefined, wanted?: WantedFolder): MigrationFolder | undefined {
  const configured = drizzleConfig(files, schema);
  const found = wanted ? readFolder(wanted.folder, files) : ownFolder(files, schema, configured) ?? plainFolder(files, schema);
  return found && withJournal(found, configured, wanted);
}

/** The folder as its record lies in a database whose connection searches `searched` in place of public. */
export function recordedIn(folder: MigrationFolder, searched: string | undefined): MigrationFolder {
  return folder.journalIsSearched && searched !== undefined ? { ...folder, journal: { ...folder.journal, schema: searched } } : folder;
}

/** Of `all` folders of a workspace, those that record in the same table as `folder` where their databases are one. */
export function foldersBeside(folder: MigrationFolder, all: readonly MigrationFolder[]): readonly MigrationFolder[] {
  return all.filter((one) => one.folder !== folder.folder && sameTable(one.journal, folder.journal));
}

/** The folder that a first migration starts, in the way of the schema's ORM: without migrations, and yet to be made. */
export function newFolder(files: Files, schema: MigratedSchema, wanted?: WantedFolder): MigrationFolder {
  const configured = drizzleConfig(files, schema);
  const [near = files.root] = startsOf(schema);
  const { folder, format, journal } = firstOf(files, schema, near, configured);
  const started: MigrationFolder = { folder: wanted?.folder ?? folder, format, dialect: schema.dialect, migrations: [], journal, problems: [] };
  return withJournal(started, configured, wanted);
}

function firstOf(files: Files, schema: MigratedSchema, near: string, configured: MigrationsConfig | undefined): { readonly folder: string; readonly format: MigrationFormat; readonly journal: QualifiedName } {
  const journal = (name: string): QualifiedName => ({ schema: "public", name });
  switch (schema.source) {
    case "drizzle": return { folder: configured?.folder ?? join(near, "drizzle"), format: schema.tables.some(({ ormVersion }) => ormVersion === 1) ? "drizzle v1" : "drizzle v0", journal: journalTable };
    case "prisma": return { folder: prismaConfig(files, schema) ?? join(dirname(fileOf(schema) ?? `${near}/.`), "migrations"), format: "prisma", journal: journal("_prisma_migrations") };
    case "kysely": case "sql": case "database": return { folder: join(files.root, "migrations"), format: "sql", journal: journal("schema_migrations") };
  }
}

function ownFolder(files: Files, schema: MigratedSchema | undefined, configured: MigrationsConfig | undefined): MigrationFolder | undefined {
  if (schema?.source !== "drizzle" && schema?.source !== "prisma") return undefined;
  const starts = startsOf(schema);
  const named = schema.source === "drizzle" ? configured?.folder : prismaConfig(files, schema);
  const candidates = named !== undefined ? [named]
    : schema.source === "prisma" ? starts.flatMap((folder) => [join(folder, "migrations"), join(folder, "prisma/migrations"), join(dirname(folder), "migrations")])
    : starts.flatMap((folder) => [...files.list("**/meta/_journal.json", folder), ...files.list("**/snapshot.json", folder)].map((file) => dirname(dirname(file))));
  for (const folder of candidates) {
    const found = readFolder(folder, files);
    if (found?.format.startsWith(schema.source)) return found;
  }
  return undefined;
}

function plainFolder(files: Files, schema: MigratedSchema | undefined): MigrationFolder | undefined {
  for (const start of new Set([...startsOf(schema), files.root])) {
    for (const name of ["migrations", "db/migrations"]) {
      const found = readFolder(join(start, name), files);
      if (found && (found.format === "sql" || !schema)) return found;
    }
  }
  return undefined;
}

/** What the setting says wins over the config, and that over the format's own. */
function withJournal(folder: MigrationFolder, configured: MigrationsConfig | undefined, wanted: WantedFolder | undefined): MigrationFolder {
  const { format, journal } = folder;
  const config = format.startsWith("drizzle") ? configured : undefined;
  return {
    ...folder,
    journal: { schema: wanted?.schema ?? config?.schema ?? journal.schema, name: wanted?.table ?? config?.table ?? journal.name },
    ...(format === "prisma" && wanted?.schema === undefined && { journalIsSearched: true }),
  };
}

function drizzleConfig(files: Files, schema: MigratedSchema | undefined): MigrationsConfig | undefined {
  return schema?.source === "drizzle" && schema.config !== undefined ? drizzleMigrations(createMachine(files), schema.config) : undefined;
}

function prismaConfig(files: Files, { config }: MigratedSchema): string | undefined {
  const text = config === undefined || !/\.[cm]?[jt]s$/.test(config) ? undefined : files.read(config);
  return text === undefined ? undefined : prismaMigrations(config!, text);
}

/** The folders of the schema's config and of its first file. */
function startsOf(schema: MigratedSchema | undefined): readonly string[] {
  return [...new Set([schema?.config, schema && fileOf(schema)].flatMap((path) => (path === undefined ? [] : [dirname(path)])))];
}

function fileOf({ tables }: MigratedSchema): string | undefined {
  return tables.find(({ at }) => at)?.at?.file;
}
