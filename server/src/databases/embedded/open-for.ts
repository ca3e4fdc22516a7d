// "Open the embedded database for this schema": from its migration folder where the project has one, else from the schema
// itself. The terminal and the language server both come through here.
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { findFolder } from "../../migrate/folders/find";
import { DatabaseError } from "../database";
import { openEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from "./embedded";
import { readMigrations, type MigrationFolder } from "./migrations";
import { migrationRecipe, modelRecipe, type Recipe } from "./recipe";

export interface EmbeddedFor {
  readonly database: EmbeddedDatabase;
  /** What it was built from; undefined: from the schema. */
  readonly migrations?: MigrationFolder;
}

/** `folder` (absolute, with `/`) says which migrations; without it they are looked for beside the schema and its config. Rejects with a `DatabaseError`. */
export async function openEmbeddedFor(model: SchemaModel, files: Files, options: EmbeddedOptions & { readonly folder?: string } = {}): Promise<EmbeddedFor> {
  const migrations = options.folder === undefined ? findMigrations(model, files) : readMigrations(options.folder, files);
  if (options.folder !== undefined && !migrations) throw new DatabaseError(`${options.folder} holds no migrations. Expected meta/_journal.json (Drizzle), folders with migration.sql (Drizzle 1.0, Prisma) or NNNN_name.sql.`, "failed");
  const recipe: Recipe | undefined = migrations ? migrationRecipe(migrations.scripts, migrations.problems) : modelRecipe(model);
  if (!recipe) throw new DatabaseError(`The schema ${model.id} is for ${model.dialect}, and the embedded database is a PostgreSQL.`, "unsupported");
  return { database: await openEmbedded(recipe, options), migrations };
}

/** The folder that belongs to the schema: where its ORM's config says, else near it. */
export function findMigrations(model: SchemaModel, files: Files): MigrationFolder | undefined {
  const found = findFolder(files, model);
  return found && readMigrations(found.folder, files);
}
