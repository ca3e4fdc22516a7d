// Names of new indexes: the configured pattern, else the one that the project's own indexes follow, else
// `{table}_{columns}_idx`. It names what a change adds and never renames what stands; index/naming judges that.
import { createHash } from "node:crypto";
import type { Change } from "../model/change";
import type { DialectName, Index, QualifiedName, SchemaModel, Table } from "../model/schema";
import { indexNameOf, primaryKeyNameOf, uniqueNameOf } from "./default-name";

export const defaultPattern = "{table}_{columns}_idx";

/** The longest identifier of PostgreSQL, in bytes: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
const longest = 63;

/** The same changes with a name for each added index that has none, unlike any name that is taken and unlike each other. `configured`: the setting `indexName`. */
export function nameIndexes(changes: readonly Change[], model: SchemaModel, configured?: string): readonly Change[] {
  if (!changes.some((change) => change.kind === "add-index" && change.index.name === undefined)) return changes;
  const pattern = configured ?? dominantPattern(model) ?? defaultPattern;
  let known = names.get(model);
  if (!known) names.set(model, (known = takenNames(model)));
  const taken = new Set(known);
  return changes.map((change) => {
    if (change.kind !== "add-index") return change;
    const name = change.index.name ?? freeName(patternedName(pattern, change.table, change.index), change.table, taken, model.dialect);
    taken.add(takenKey(change.table, name, model.dialect));
    return { ...change, index: { ...change.index, name } };
  });
}

/** The name that `pattern` gives, at most 63 bytes long. `{columns}` and `{column}` are the database's column names joined by `_`; an expression counts as `expr`. */
export function patternedName(pattern: string, table: QualifiedName, index: Pick<Index, "keys">): string {
  const columns = index.keys.map((key) => key.column ?? "expr");
  return shortened(pattern.replace(/\{(\w+)\}/g, (whole, token: string) => rendered(token, table.name, columns) ?? whole));
}

/** A name over 63 bytes is cut to 54, then `_` and 8 hex digits of the whole name's SHA-256 tell it from its like. */
export function shortened(name: string): string {
  if (fitsPostgres(name)) return name;
  const bytes = Buffer.from(name, "utf8");
  let end = 54;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return `${bytes.subarray(0, end).toString("utf8")}_${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

/** Whether PostgreSQL keeps the name whole. */
export function fitsPostgres(name: string): boolean {
  // No UTF-16 unit takes more than three bytes.
  return name.length * 3 <= longest || (name.length <= longest && Buffer.byteLength(name, "utf8") <= longest);
}

/**
 * The pattern that more than half of the plain indexes with a recognisable name follow, if they are at least a quarter
 * of all named ones. Prisma's unnamed indexes count for its default, `{table}_{columns}_idx`: that is their name.
 */
export function dominantPattern(model: Pick<SchemaModel, "tables" | "source">): string | undefined {
  const known = patterns.get(model);
  if (known) return known.pattern;
  const pattern = findDominantPattern(model);
  patterns.set(model, { pattern });
  return pattern;
}

/** A model never changes, and every fix of a report asks for the names of the same one. */
const patterns = new WeakMap<object, { readonly pattern: string | undefined }>();
const names = new WeakMap<object, ReadonlySet<string>>();

function findDominantPattern(model: Pick<SchemaModel, "tables" | "source">): string | undefined {
  const followers = new Map<string, { indexes: number; readonly tables: Set<Table> }>();
  const patterns: (readonly string[])[] = [];
  for (const table of model.tables)
    for (const index of table.indexes) {
      if (table.implicit || index.unique || index.keys.some((key) => key.column === undefined)) continue;
      if (index.name === undefined && model.source !== "prisma") continue;
      const possible = index.name === undefined ? [defaultPattern] : patternsOf(index.name, table, index);
      patterns.push(possible);
      for (const pattern of possible) {
        const follower = followers.get(pattern) ?? { indexes: 0, tables: new Set() };
        followers.set(pattern, follower);
        follower.indexes++;
        follower.tables.add(table);
      }
    }
  // Without the table in it, a pattern is believed only when several tables follow it: else it may be one table's own prefix.
  const believable = new Map([...followers].filter(([pattern, { tables }]) => pattern.includes("{table") || tables.size >= 3));
  const recognised = patterns.filter((possible) => possible.some((pattern) => believable.has(pattern))).length;
  const best = [...believable].sort(([, a], [, b]) => b.indexes - a.indexes)[0];
  return best && best[1].indexes * 2 > recognised && best[1].indexes * 4 >= patterns.length ? best[0] : undefined;
}

const tableTokens = ["table", "tableCamel", "tablePascal", "tableKebab"] as const;
const columnTokens = ["columns", "columnsCamel", "columnsPascal", "columnsKebab"] as const;

/** The patterns that could have made this name, the plainest first. */
function patternsOf(name: string, table: Table, index: Index): readonly string[] {
  const columns = index.keys.map((key) => key.column!);
  const columnTexts = byText(columnTokens, table, columns);
  const found: string[] = [];
  for (const [tableText, tables] of byText(tableTokens, table, columns))
    for (const [columnText, columnNames] of columnTexts)
      for (const columnToken of columnNames) {
        // A table of one word says nothing about case; beside PascalCase columns it is taken as camelCase.
        const ordered = columnToken === "columnsPascal" && tables.includes("tableCamel") ? ["tableCamel", ...tables] : tables;
        for (const tableToken of ordered)
          for (const parts of [[[tableText, tableToken], [columnText, columnToken]], [[columnText, columnToken], [tableText, tableToken]]] as const) {
            const pattern = patternOf(name, parts);
            if (pattern !== undefined && !found.includes(pattern)) found.push(pattern);
          }
      }
  if (found.length === 0)
    for (const [text, [token]] of columnTexts) {
      const pattern = patternOf(name, [[text, token!]]);
      if (pattern !== undefined) found.push(pattern);
    }
  return found;
}

/** What the tokens stand for, and which of them stand for the same. */
function byText(tokens: readonly string[], table: Table, columns: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const token of tokens) {
    const text = rendered(token, table.name.name, columns)!;
    const same = texts.get(text);
    if (same) same.push(token);
    else texts.set(text, [token]);
  }
  return texts;
}

/** `name` with each text, in this order, replaced by its token; undefined where one is missing, or what stands around them is no word of its own ("idx_", "_index", "Idx") but a piece of a name ("s", "x"). */
function patternOf(name: string, parts: readonly (readonly [text: string, token: string])[]): string | undefined {
  let pattern = "";
  let from = 0;
  for (const [position, [text, token]] of parts.entries()) {
    const at = wordAt(name, text, from, token.endsWith("Pascal"));
    if (at < 0) return undefined;
    const between = name.slice(from, at);
    if (position === 0 ? !/^$|[_.-]$|^[a-z]{2,4}$/.test(between) : !/^[_.-]*$/.test(between)) return undefined;
    pattern += `${between}{${token}}`;
    from = at + text.length;
  }
  const rest = name.slice(from);
  return /^$|^[_.-]|^[A-Z][a-z]+$/.test(rest) ? pattern + rest : undefined;
}

/** Where `text` stands in `name` as a word of its own; PascalCase begins a word anywhere. */
function wordAt(name: string, text: string, from: number, isPascal: boolean): number {
  if (text === "") return -1;
  for (let at = name.indexOf(text, from); at >= 0; at = name.indexOf(text, at + 1))
    if ((isPascal || at === 0 || !/[\p{L}\p{N}]/u.test(name[at - 1]!)) && !/[\p{Ll}\p{N}]/u.test(name[at + text.length] ?? "")) return at;
  return -1;
}

function rendered(token: string, table: string, columns: readonly string[]): string | undefined {
  switch (token) {
    case "table": return table;
    case "tableCamel": return camel(table);
    case "tablePascal": return pascal(table);
    case "tableKebab": return table.replaceAll("_", "-");
    case "column":
    case "columns": return columns.join("_");
    case "columnsCamel": return camel(columns.join("_"));
    case "columnsPascal": return columns.map(pascal).join("");
    case "columnsKebab": return columns.join("-").replaceAll("_", "-");
    default: return undefined;
  }
}

const camel = (name: string) => name.replace(/[_-]+(\p{L}|\p{N})/gu, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => camel(name).replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

function freeName(wanted: string, table: QualifiedName, taken: ReadonlySet<string>, dialect: DialectName): string {
  let name = wanted;
  // PostgreSQL's own way out: the name, then 1, 2, …
  for (let next = 1; taken.has(takenKey(table, name, dialect)); next++) name = shortened(`${wanted}${next}`);
  return name;
}

/** Tables and indexes share the names of one PostgreSQL schema (pg_class) or SQLite database; in the others an index's name is its table's affair. Case is ignored, as SQLite and MySQL do. */
function takenKey(table: QualifiedName, name: string, dialect: DialectName): string {
  const owner = dialect === "mysql" || dialect === "sqlserver" || dialect === "mongodb" ? table.name : "";
  return JSON.stringify([table.schema, owner, name.toLowerCase()]);
}

function takenNames(model: SchemaModel): Set<string> {
  const taken = new Set<string>();
  for (const table of [...model.tables, ...(model.hidden ?? [])]) {
    const take = (name: string | undefined) => name !== undefined && taken.add(takenKey(table.name, name, model.dialect));
    take(table.name.name);
    take(table.primaryKey && primaryKeyNameOf(table.primaryKey, table, model.source, model.dialect));
    for (const index of table.indexes) take(indexNameOf(index, table, model.source, model.dialect));
    for (const unique of table.uniques) take(uniqueNameOf(unique, table, model.source, model.dialect));
    for (const name of table.otherNames ?? []) take(name);
  }
  return taken;
}
