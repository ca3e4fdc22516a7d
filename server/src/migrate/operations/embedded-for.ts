// "Open the embedded database for this schema": from its migration folder where the project has one, else from the schema
// itself. The terminal and the language server both come through here.
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { findFolder, type WantedFolder } from "../folders/find";
import { replayRecipe } from "../prove/extensions";
import { DatabaseError } from "../../databases/database";
import { openEmbedded, type EmbeddedDatabase, type EmbeddedOptions } from "../../databases/embedded/embedded";
import { modelRecipe } from "../../databases/embedded/recipe";

export interface EmbeddedFor {
  readonly database: EmbeddedDatabase;
  /** What it was built from; undefined: from the schema. */
  readonly migrations?: MigrationFolder;
}

/** `migrations` is the setting of that name; without it they are looked for beside the schema and its config. Rejects with a `DatabaseError`. */
export async function openEmbeddedFor(model: SchemaModel, files: Files, options: EmbeddedOptions & { readonly migrations?: WantedFolder | undefined } = {}): Promise<EmbeddedFor> {
  const migrations = findFolder(files, model, options.migrations);
  const recipe = migrations ? await replayRecipe(migrations, files) : modelRecipe(model);
  if (!recipe) throw new DatabaseError(`The schema ${model.id} is for ${model.dialect}, and the embedded database is a PostgreSQL.`, "unsupported");
  return { database: await openEmbedded(recipe, options), ...(migrations && { migrations }) };
}
