// A whole new table, and new enums, at the end of a file: columns, keys, indexes, checks, and foreign keys to the tables that the code has.
import type { EnumType, Table } from "../../model/schema";
import { declaration, namingOf, type Naming } from "./edit-columns";
import { importingCaller } from "./edit-column";
import type { FileEdit } from "./edit-file";
import { fitsColumn, foreignKeyCall, referencesCall, selfReference } from "./edit-foreign-key";
import type { Words } from "./edit-index";
import { indexCall, sqlTemplate } from "./edit-index";
import { declares } from "./edit-imports";
import type { Splice } from "./edit-list";
import { camelCase, indentUnit, isIdentifier, quoted } from "./edit-style";
import { calls, compiler, tableSyntax, unwrap } from "./edit-syntax";
import { property } from "./edit-table";

/** The splice that appends the enums and tables; undefined where one of them cannot be written in full. */
export function appendDeclarations(enums: readonly EnumType[], tables: readonly Table[], file: FileEdit): Splice | undefined {
  const style = styleOf(file);
  const taken = new Set<string>();
  const free = (name: string, otherwise: string): string | undefined => {
    const found = [name, otherwise].find((one) => isIdentifier(one) && !taken.has(one) && !declares(file.imports, one));
    if (found !== undefined) taken.add(found);
    return found;
  };
  const parts: string[] = [];
  if (file.core !== "pg") return undefined;
  const end = file.imports.semicolon ? ";" : "";
  for (const type of enums) {
    if (type.property === undefined || !free(type.property, type.property) || !isPublic(type.name.schema)) return undefined;
    const maker = file.writer.use({ module: file.module, name: "pgEnum", otherwise: "drizzleEnum" });
    parts.push(`export const ${type.property} = ${maker}(${quoted(type.name.name, file.quote)}, [${type.values.map((value) => quoted(value, file.quote)).join(", ")}])${end}`);
  }
  for (const table of tables) {
    const name = style.same ? table.name.name : camelCase(table.name.name);
    const own = free(isIdentifier(name) ? name : camelCase(name), `${camelCase(table.name.name)}Table`);
    const code = own === undefined ? undefined : tableCode(table, own, style, file);
    if (code === undefined) return undefined;
    parts.push(`export const ${own} = ${code}${end}`);
  }
  const lead = file.text.endsWith("\n") ? file.eol : file.eol + file.eol;
  return { start: file.text.length, end: file.text.length, text: lead + parts.join(file.eol + file.eol) + file.eol };
}

/** The constant that an enum gets: its name as the file's columns are named. */
export function enumProperty(type: EnumType, file: FileEdit): string {
  return [namingOf([], file.model).property(type.name.name)].map((name) => (declares(file.imports, name) ? `${name}Enum` : name))[0]!;
}

interface NewStyle {
  readonly naming: Naming;
  readonly unit: string;
  readonly comma: string;
  /** Constants are called as their tables are. */
  readonly same: boolean;
}

function styleOf(file: FileEdit): NewStyle {
  const ts = compiler();
  const sample = file.model.tables.filter((table) => table.at?.file === file.path).at(-1);
  const syntax = sample && tableSyntax(sample, file.text);
  const columns = unwrap(syntax?.columns);
  const object = columns && ts.isObjectLiteralExpression(columns) ? columns : undefined;
  const roots = (object?.properties ?? []).flatMap((one) => (ts.isPropertyAssignment(one) ? calls(one.initializer).slice(-1) : []));
  const telling = file.model.tables.filter(({ name }) => /_[a-z]/.test(name.name));
  return {
    naming: namingOf(roots, file.model),
    unit: syntax ? indentUnit(syntax) : "  ",
    comma: object?.getText().includes("\n") && !object.properties.hasTrailingComma ? "" : ",",
    same: telling.filter((table) => table.property === table.name.name).length * 2 > telling.length,
  };
}

function tableCode(table: Table, own: string, { naming, unit, comma }: NewStyle, file: FileEdit): string | undefined {
  if (!table.complete || !isPublic(table.name.schema)) return undefined;
  const { kind, key, parameter } = file.habits();
  const hidden = new Set([parameter]);
  const properties = new Map(table.columns.map((column) => [column.name, naming.property(column.name)]));
  const reach = (object: string, column: string): string | undefined => {
    const name = properties.get(column);
    return name === undefined ? undefined : isIdentifier(name) ? `${object}.${name}` : `${object}[${quoted(name, file.quote)}]`;
  };
  const words: Words = {
    core: file.core, quote: file.quote,
    column: (name) => reach(parameter, name),
    builder: (name) => file.writer.use({ module: file.module, name, hidden, otherwise: file.core + name.charAt(0).toUpperCase() + name.slice(1) }),
    sql: () => file.writer.use({ module: "drizzle-orm", name: "sql", hidden, otherwise: "drizzleSql" }),
  };
  const single = table.primaryKey?.columns.length === 1 ? table.primaryKey.columns[0] : undefined;
  const foreignKeys = table.foreignKeys.filter(({ enforced }) => enforced).map((one) => ({ ...one, name: undefined }));
  const taken = new Set<string>();
  const columns: string[] = [];
  for (const column of table.columns) {
    const code = declaration(column, table, taken, naming, importingCaller(file), Infinity, file, words, column.name === single);
    if (code === undefined) return undefined;
    const reference = foreignKeys.find((one) => fitsColumn(one) && one.columns[0] === column.name);
    const itself = reference?.references.table.name === table.name.name ? reach(own, reference.references.columns[0]!) : undefined;
    columns.push(code + (reference ? (itself ? selfReference(reference, itself, file) : (referencesCall(reference, table, file.text, file) ?? "")) : ""));
  }
  const elements: { name: string; code: string | undefined }[] = [];
  if (table.primaryKey && single === undefined) elements.push({ name: `${table.name.name}_pk`, code: `${words.builder("primaryKey")}({ columns: [${table.primaryKey.columns.map((name) => words.column(name)).join(", ")}] })` });
  for (const unique of table.uniques) {
    elements.push({ name: unique.name ?? "unique", code: `${words.builder("unique")}(${unique.name === undefined ? "" : quoted(unique.name, file.quote)}).on(${unique.columns.map((name) => words.column(name)).join(", ")})${unique.nullsNotDistinct ? ".nullsNotDistinct()" : ""}` });
  }
  // Drizzle has no words for INCLUDE, and an index with it is not missed in its schemas.
  for (const index of table.indexes) if (!index.constraint && index.valid !== false && index.include.length === 0) elements.push({ name: index.name ?? "index", code: indexCall(index, words) });
  for (const { name, expression } of table.checks) {
    const condition = sqlTemplate(expression, words);
    elements.push({ name: name ?? "check", code: condition && name !== undefined ? `${words.builder("check")}(${quoted(name, file.quote)}, ${condition})` : undefined });
  }
  for (const foreignKey of foreignKeys) {
    const code = fitsColumn(foreignKey) ? undefined : foreignKeyCall(foreignKey, table, file.text, file, words, hidden);
    if (code !== undefined) elements.push({ name: `${foreignKey.columns.join("_")}_fk`, code });
  }
  if (elements.some(({ code }) => code === undefined)) return undefined;
  const lines = (items: readonly string[]): string => items.map((item) => `${file.eol}${unit}${item}`).join(",") + comma + file.eol;
  const keys = new Set<string>();
  const listed = elements.map(({ name, code }) => (kind === "array" ? code! : `${property(name, key, table, keys, file)}: ${code!}`));
  const extra = elements.length === 0 ? "" : kind === "array" ? `, (${parameter}) => [${lines(listed)}]` : `, (${parameter}) => ({${lines(listed)}})`;
  const maker = file.writer.use({ module: file.module, name: "pgTable", otherwise: "drizzleTable" });
  return `${maker}(${quoted(table.name.name, file.quote)}, {${lines(columns)}}${extra})`;
}

function isPublic(schema: string | null): boolean {
  return schema === null || schema === "public";
}
