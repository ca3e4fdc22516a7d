// What an embedded database is built from: the statements of a schema model, or the files of a migration folder.
import { createHash } from "node:crypto";
import { schemaSql } from "../../dialects/dialect";
import { rowSecuritySql } from "../../dialects/postgres-policies";
import type { MigrationFolder } from "../../model/migration";
import type { SchemaModel } from "../../model/schema";
import type { Files } from "../../sources/source";
import { createdExtensions, mentionedExtensions, shippedExtensions } from "./extensions";
import type { Script } from "./protocol";
import { standInRoles, standInsFor } from "./stand-ins";

export interface Recipe {
  readonly from: "model" | "migrations" | "nothing";
  readonly scripts: readonly Script[];
  /** Names of the extensions that it needs, whether they are shipped or not. */
  readonly extensions: readonly string[];
  /** What is wrong with the migration folder itself, in full sentences; told with each reading. */
  readonly folderProblems?: readonly string[];
}

/** An empty database, with the extensions named. */
export function emptyRecipe(extensions: readonly string[] = []): Recipe {
  return { from: "nothing", scripts: creating(extensions), extensions };
}

/** The database that the ORM's own tool would make of the schema, row level security apart, which names roles and functions of a server; undefined for other dialects than PostgreSQL's. */
export function modelRecipe(model: SchemaModel): Recipe | undefined {
  const statements = schemaSql(model);
  return statements && recipeOf(statements);
}

/** The same with row level security and its policies. */
export function securedRecipe(model: SchemaModel): Recipe | undefined {
  const statements = schemaSql(model);
  return statements && recipeOf([...statements, ...model.tables.flatMap(rowSecuritySql)]);
}

function recipeOf(statements: readonly string[]): Recipe {
  const text = statements.join("\n");
  const extensions = mentionedExtensions(text);
  return { from: "model", scripts: [...creating(extensions), { text }], extensions };
}

/** What a folder's migrations lead to: their ways up, at their places in the files. `assumed`: names of extensions that they use and do not create. */
export function folderRecipe({ migrations, problems }: Pick<MigrationFolder, "migrations" | "problems">, files: Pick<Files, "read">, assumed: readonly string[] = []): Recipe {
  // What stands before a part is blank, so that places in the script are places in the file.
  const scripts = migrations.map(({ up: { file, start, sql } }) => ({ file, text: (files.read(file)?.slice(0, start).replaceAll(/[^\n]/g, " ") ?? "") + sql }));
  return migrationRecipe(scripts, problems.map(({ message }) => message), assumed);
}

/** `assumed`: names of extensions that the scripts use and do not create. */
export function migrationRecipe(scripts: readonly Script[], folderProblems: readonly string[] = [], assumed: readonly string[] = []): Recipe {
  const texts = scripts.map(({ text }) => text);
  const given = [...standInRoles(texts), ...standInsFor(texts).statements];
  const prepared = [...(given.length === 0 ? [] : [{ text: given.join(";\n") }]), ...creating(assumed)];
  return { from: "migrations", scripts: [...prepared, ...scripts], folderProblems, extensions: [...new Set([...assumed, ...scripts.flatMap(({ text }) => createdExtensions(text))])] };
}

/** Those of the recipe's extensions that the runtime has, and those that they are built on (https://www.postgresql.org/docs/current/earthdistance.html). */
export function loadedExtensions(recipe: Recipe, runtime: string): readonly string[] {
  const shipped = shippedExtensions(runtime);
  const wanted = recipe.extensions.includes("earthdistance") ? [...recipe.extensions, "cube"] : recipe.extensions;
  return [...new Set(wanted)].filter((name) => shipped.has(name)).sort();
}

/** Equal recipes on equal runtimes give equal keys. File names are not a part of it: a folder that was moved is the same. */
export function recipeKey(recipe: Recipe, extensions: readonly string[], ingredients: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify([ingredients, extensions, recipe.scripts.map(({ text }) => text)])).digest("hex");
}

function creating(extensions: readonly string[]): readonly Script[] {
  return extensions.map((name) => ({ text: `CREATE EXTENSION IF NOT EXISTS "${name}" CASCADE;` }));
}
