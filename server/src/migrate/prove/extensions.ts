// Extensions that migrations take for granted: their types, operator classes and functions are used, and no migration creates
// them. Read from the statements' trees, so that a column or table that is called like one counts for nothing.
import { createdExtensions, mentionedExtensions } from "../../databases/embedded/extensions";
import { folderRecipe, type Recipe } from "../../databases/embedded/recipe";
import type { MigrationFolder } from "../../model/migration";
import type { Files } from "../../sources/source";
import { loadSqlParser } from "../../sql/load";
import type { SqlParser } from "../../sql/parser";
import { as, names, qualified, tableName, visit, type Node, type RangeVar } from "../../sql/tree";

/** By name, sorted, shipped with the embedded database or not. */
export function assumedExtensions(scripts: readonly string[], parser: SqlParser): readonly string[] {
  const created = new Set(scripts.flatMap(createdExtensions));
  const uses = new Map<string, string>(), made = new Set<string>();
  for (const text of scripts) {
    if (mentionedExtensions(text).every((name) => created.has(name))) continue;
    for (const { node } of parser.parse(text).statements) collect(node, uses);
  }
  const assumed = () => mentionedExtensions([...uses.values()].join("\n")).filter((name) => !created.has(name)).sort();
  if (assumed().length === 0) return [];
  for (const text of scripts) for (const { node } of parser.parse(text).statements) for (const name of madeBy(node)) made.add(name);
  for (const name of made) uses.delete(name);
  return assumed();
}

/** What a folder's migrations lead to, with the extensions that they take for granted. */
export async function replayRecipe(folder: MigrationFolder, files: Pick<Files, "read">): Promise<Recipe> {
  return folderRecipe(folder, files, assumedExtensions(folder.migrations.map(({ up }) => up.sql), await loadSqlParser()));
}

/** A full sentence, for one that the embedded database was given. */
export function assumedNote(name: string): string {
  return `No migration makes the extension "${name}": on a database without it this fails. ${remedy(name)}`;
}

/** The same for one that the embedded database has not. */
export function lackingNote(name: string): string {
  return `The embedded database has no extension "${name}", and no migration makes it: on a database without it this fails. ${remedy(name)}`;
}

/** As a clause of why a statement does not run. */
export function lackingReason(name: string): string {
  return `it has no extension "${name}", and no migration makes it`;
}

function remedy(name: string): string {
  return `Make it first: migrate new --empty with CREATE EXTENSION IF NOT EXISTS "${name}".`;
}

/** Name of what is used, and the same as `mentionedExtensions` knows it. Other schemas than public hold what is somebody else's. */
function collect(statement: object, uses: Map<string, string>): void {
  const method = as(statement, "IndexStmt")?.accessMethod ?? "btree";
  const use = (list: unknown, spelled: (name: string) => string): void => {
    const { schema, name } = qualified(names(list as readonly Node[]));
    if (schema === null || schema === "public") uses.set(name, spelled(name));
  };
  visit(statement, (content, key) => {
    if (Array.isArray(content["names"])) use(content["names"], (name) => name);
    if (Array.isArray(content["opclass"])) use(content["opclass"], (name) => `using ${method} (${name})`);
    if (key === "FuncCall") use(content["funcname"], (name) => `${name}()`);
  });
}

/** Names of the tables, types, functions and operator classes that a statement makes or changes. */
function madeBy(statement: object): readonly string[] {
  const [content = {}] = Object.values(statement) as readonly { readonly relation?: RangeVar; readonly view?: RangeVar; readonly typevar?: RangeVar; readonly newname?: string; readonly [list: string]: unknown }[];
  const lists = ["typeName", "domainname", "defnames", "funcname", "opclassname"].flatMap((field) => (Array.isArray(content[field]) ? [qualified(names(content[field] as readonly Node[])).name] : []));
  return [...lists, ...[content.relation, content.view, content.typevar].map((one) => tableName(one).name), content.newname ?? ""];
}
