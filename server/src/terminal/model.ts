// `plumbline model`: prints the schemas as they were read, from code or from a database, with the verdict on each foreign
// key. The JSON is version 1 of a documented shape; `pretty` is for people.
import { coverage, type Coverage } from "../indexes/coverage";
import type { ForeignKey, Index, Problem, SchemaModel, SourceRange, Table } from "../model/schema";
import { placer, tableName, type Place } from "../report/placed-finding";
import type { PlainFormat } from "./arguments";
import { refuse, tellFailures } from "./check";
import { tellProblems, withDatabase } from "./database";
import { exit, type Terminal } from "./terminal";
import { modelsOf, openWorkspace, readSchemas, type WorkspaceOptions } from "./workspace";

export interface ModelOptions extends WorkspaceOptions {
  readonly format: PlainFormat;
}

export function model(paths: readonly string[], options: ModelOptions, terminal: Terminal): number {
  const workspace = openWorkspace(paths, options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  const report = readSchemas(workspace, paths, options);
  if ("message" in report) return refuse(report.message, terminal);
  const place = placer(workspace.files.read, workspace.relative);
  print(report.schemas, options.format, workspace.relative, place, terminal);
  tellFailures(report.failures, workspace, terminal);
  return report.failures.length > 0 ? exit.refused : exit.clean;
}

/** The schema of the database that `name` stands for: a URL, or the name of a connection. What could not be read is told to standard error too. */
export async function databaseModel(name: string, paths: readonly string[], options: ModelOptions, terminal: Terminal): Promise<number> {
  if (paths.length > 0) return refuse(`A schema is read from its files or from a database: leave out ${paths.join(" ")}, or --database.`, terminal);
  const workspace = openWorkspace([], options);
  if (workspace.kind === "refused") return refuse(workspace.message, terminal);
  const reading = await withDatabase({ name, workspace, terminal, schemas: () => modelsOf(workspace, paths, options) }, (database, signal) => database.read(signal));
  if ("message" in reading) return refuse(reading.message, terminal);
  const problems = reading.problems.map((message): Problem => ({ message, kind: "unreadable" }));
  print([{ model: reading.model, problems }], options.format, workspace.relative, placer(workspace.files.read, workspace.relative), terminal);
  tellProblems(reading, terminal);
  return exit.clean;
}

type Read = readonly { readonly model: SchemaModel; readonly problems: readonly Problem[] }[];

function print(schemas: Read, format: PlainFormat, relative: (file: string) => string, place: Placer, terminal: Terminal): void {
  switch (format) {
    case "json":
      terminal.write(`${JSON.stringify(modelJson(schemas, relative, place), undefined, 2)}\n`);
      break;
    case "pretty":
      for (const { model: schema } of schemas) terminal.write(prettySchema(schema, place, terminal));
      break;
  }
}

type Placer = (at: SourceRange) => Place;

function modelJson(schemas: Read, relative: (file: string) => string, place: Placer) {
  return {
    version: 1,
    problems: schemas.flatMap(({ problems }) => problems.map(({ at, message, table }) => ({
      file: at ? place(at).file : null,
      line: at ? place(at).line : null,
      message,
      table: table ? tableName(table) : null,
    }))),
    schemas: schemas.map(({ model: schema }) => ({
      id: schema.id,
      source: schema.source,
      dialect: schema.dialect,
      config: schema.config === undefined ? null : relative(schema.config),
      tables: byPlace(schema.tables, place).map(({ table, at }) => tableJson(table, at, schema)),
    })),
  };
}

/** By file, then place, as the document promises; tables without a place last, in the model's order. */
function byPlace(tables: readonly Table[], place: Placer): readonly { readonly table: Table; readonly at?: Place }[] {
  return tables
    .map((table) => ({ table, at: table.at && place(table.at), start: table.at?.start ?? 0 }))
    .sort((a, b) => (!a.at || !b.at ? (a.at ? -1 : b.at ? 1 : 0) : a.at.file === b.at.file ? a.start - b.start : a.at.file < b.at.file ? -1 : 1));
}

function tableJson(table: Table, at: Place | undefined, schema: SchemaModel) {
  return {
    schema: table.name.schema,
    name: table.name.name,
    file: at?.file ?? null,
    line: at?.line ?? null,
    complete: table.complete,
    columns: table.columns.map(({ property, name, type, nullable }) => ({ property, name, type: type.name, notNull: !nullable })),
    primaryKey: table.primaryKey ? { name: table.primaryKey.name ?? null, columns: table.primaryKey.columns } : null,
    uniques: table.uniques.map(({ name, columns }) => ({ name: name ?? null, columns })),
    indexes: ownIndexes(table).map(indexJson),
    foreignKeys: table.foreignKeys.map((foreignKey) => foreignKeyJson(foreignKey, table, schema)),
  };
}

/** Without those that a database lists beside the primary key and the unique constraints that they belong to. */
function ownIndexes(table: Table): readonly Index[] {
  return table.indexes.filter(({ constraint }) => constraint !== "primary key" && constraint !== "unique");
}

function indexJson(index: Index) {
  return {
    name: index.name ?? null,
    unique: index.unique,
    method: index.method,
    where: index.where?.sql ?? null,
    keys: index.keys.map(({ column, expression, order, nulls, nullsImplied, operatorClass }) => ({
      column: column ?? null,
      expression: expression?.sql ?? null,
      order,
      nulls: nullsImplied ? null : (nulls ?? null),
      operatorClass: operatorClass ?? null,
    })),
    include: index.include,
  };
}

function foreignKeyJson(foreignKey: ForeignKey, table: Table, schema: SchemaModel) {
  const { verdict, by, reason } = judge(foreignKey, table, schema);
  return {
    name: foreignKey.name ?? null,
    columns: foreignKey.columns,
    enforced: foreignKey.enforced,
    references: { schema: foreignKey.references.table.schema, table: foreignKey.references.table.name, columns: foreignKey.references.columns },
    onDelete: foreignKey.onDelete,
    onUpdate: foreignKey.onUpdate,
    coverage: { verdict, by: by ?? null, reason },
  };
}

function judge(foreignKey: ForeignKey, table: Table, schema: SchemaModel): Coverage {
  return coverage(foreignKey, table, schema.dialect, schema.source);
}

function prettySchema(schema: SchemaModel, place: Placer, { colors }: Terminal): string {
  const lines = [`${colors.bold(schema.id)}  ${colors.dim(`${schema.source}, ${schema.dialect}`)}`];
  for (const { table, at } of byPlace(schema.tables, place)) {
    lines.push("", `  ${colors.bold(tableName(table.name))}${table.complete ? "" : colors.yellow("  (not all of it could be read)")}${at ? colors.dim(`  ${at.file}:${at.line}`) : ""}`);
    const width = Math.max(...table.columns.map(({ name }) => name.length), 0);
    for (const column of table.columns) {
      const key = table.primaryKey?.columns.includes(column.name) ? colors.cyan("  primary key") : "";
      lines.push(`    ${column.name.padEnd(width)}  ${column.type.name}${column.nullable && key === "" ? colors.dim(" null") : ""}${key}`);
    }
    for (const unique of table.uniques) lines.push(`    ${colors.dim("unique")} (${unique.columns.join(", ")})${unique.name === undefined ? "" : colors.dim(`  ${unique.name}`)}`);
    for (const index of ownIndexes(table)) lines.push(`    ${colors.dim(index.unique ? "unique index" : "index")} ${prettyIndex(index)}${index.name === undefined ? "" : colors.dim(`  ${index.name}`)}`);
    for (const foreignKey of table.foreignKeys) {
      const { verdict, by, reason } = judge(foreignKey, table, schema);
      const mark = verdict === "covered" || verdict === "automatic" ? colors.green("✔") : verdict === "unknown" ? colors.dim("?") : colors.yellow("✖");
      const why = by === undefined || reason.includes(by) ? reason : `${reason}, ${by}`;
      lines.push(`    ${mark} (${foreignKey.columns.join(", ")}) → ${tableName(foreignKey.references.table)} (${foreignKey.references.columns.join(", ")})  ${colors.dim(`${verdict}: ${why}`)}`);
    }
  }
  return `${lines.join("\n")}\n\n`;
}

function prettyIndex(index: Index): string {
  const keys = index.keys.map(({ column, expression, order }) => `${column ?? expression?.sql ?? "?"}${order === "desc" ? " desc" : ""}`).join(", ");
  return `${index.method === "btree" ? "" : `${index.method} `}(${keys})${index.include.length > 0 ? ` include (${index.include.join(", ")})` : ""}${index.where ? ` where ${index.where.sql}` : ""}`;
}
