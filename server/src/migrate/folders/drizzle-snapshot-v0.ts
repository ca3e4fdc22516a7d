// The snapshot of the schema that drizzle-kit 0.31 keeps beside each migration: the one before with what the migration
// changes. What did not change stays as it stands there: what a migration did not make, drizzle-kit is still to find.
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../../indexes/default-name";
import { postgresName, storedName } from "../../indexes/name-length";
import type { Column, Expression, Index, Policy, SchemaModel, Table } from "../../model/schema";
import { knownOptions, sequenceOptions } from "../../model/sequence";
import { tableKey } from "../../model/table-key";
import { recordedType } from "../../sources/drizzle/recorded";
import { declaredIn } from "../generate/declared";
import { rowSecurityOf } from "../generate/policies";
import { renamesIn, type FoundRename } from "./drizzle-renames";
import { recordedViews, typed, viewKey, viewSnapshot } from "./drizzle-views";
import { contentId } from "./parts";

export type Json = Record<string, unknown>;
type Parts = Record<string, unknown>;

export const originId = "00000000-0000-0000-0000-000000000000";

/** What drizzle-kit has of a schema without anything (`dryPg` in its sources). */
export const emptySnapshot: Json = {
  id: originId, prevId: "", version: "7", dialect: "postgresql", tables: {}, enums: {}, schemas: {}, policies: {}, roles: {}, views: {}, sequences: {}, _meta: { columns: {}, schemas: {}, tables: {} },
};

/** The snapshot after a migration that leads from `before` to `after`. `statements` are the migration's own: they tell of renames. */
export function nextSnapshot(previous: Json, before: SchemaModel, after: SchemaModel, statements: readonly string[]): Json {
  const { id: previousId, prevId: _, version, dialect, tables, enums, schemas, roles, sequences, views, ...rest } = previous;
  const body = { version, dialect, tables: nextTables(tables as Parts, before, after, renamesIn(statements)), enums: nextEnums(enums as Parts, before, after), ...nextDeclared({ schemas, roles }, before, after), ...rest, _meta: metaOf(statements), views: nextViews((views ?? {}) as Parts, before, after), sequences: nextSequences((sequences ?? {}) as Parts, before, after) };
  return { id: contentId(JSON.stringify([previousId, body, statements])), prevId: previousId, ...body };
}

function nextTables(previous: Parts, before: SchemaModel, after: SchemaModel, renames: readonly FoundRename[]): Parts {
  const tables = { ...previous };
  const had = new Map(before.tables.map((table) => [keyOf(table), table]));
  const has = new Map(after.tables.map((table) => [keyOf(table), table]));
  const targets = new Map(after.tables.map((table) => [tableKey(table.name), table]));
  for (const key of had.keys()) if (!has.has(key)) delete tables[key];
  for (const [key, table] of has) {
    if (table.kind === "partition" || table.kind === "foreign table") continue;
    const was = keyBefore(table, renames), old = had.get(was), known = previous[was] as Json | undefined;
    // Of a table that the migration leaves alone the snapshot says what it said.
    if (old && (old === table || !known && same(old, table))) continue;
    tables[key] = nextTable(known, old, table, targets);
  }
  return tables;
}

/** What the snapshot called the table before the migration. */
function keyBefore({ name: { schema, name } }: Table, renames: readonly FoundRename[]): string {
  const was = { schema: schema ?? "public", name };
  for (const one of [...renames].reverse()) {
    if (one.types[0] === "schemas" && one.to === was.schema) was.schema = one.from;
    if (one.types[0] === "tables" && one.to === was.name && one.toSchema === was.schema) [was.schema, was.name] = [one.schema, one.from];
  }
  return `${was.schema}.${was.name}`;
}

/** The table as a snapshot of a schema that holds nothing else yet has it. `targets`: the tables that its keys reference, by `tableKey`. */
export function tableSnapshot(table: Table, targets: ReadonlyMap<string, Table>): Json {
  return nextTable(undefined, undefined, table, targets);
}

function nextTable(known: Json | undefined, before: Table | undefined, after: Table, targets: ReadonlyMap<string, Table>): Json {
  const composite = (table: Table): readonly (readonly [string, Json])[] => {
    const key = table.primaryKey;
    if (!key || isInline(table)) return [];
    const name = uncut(key.name, primaryKeyNameOf({ ...key, name: undefined, inline: false }, table, "drizzle"));
    return [[name, { name, columns: key.columns }]];
  };
  const sections: readonly (readonly [string, (table: Table) => readonly (readonly [string, unknown])[]])[] = [
    ["columns", (table) => table.columns.map((column) => [column.name, columnOf(column, table)])],
    ["indexes", (table) => table.indexes.filter(({ constraint }) => constraint === undefined).map((index) => { const one = indexOf(index, table); return [one["name"] as string, one]; })],
    ["foreignKeys", (table) => table.foreignKeys.filter(({ enforced }) => enforced).map((key) => {
      const target = targets.get(tableKey(key.references.table));
      const name = uncut(key.name, foreignKeyNameOf({ ...key, name: undefined }, table, "drizzle", "postgresql", target));
      const schemaTo = key.references.table.schema;
      return [name, { name, tableFrom: table.name.name, tableTo: key.references.table.name, ...(schemaTo !== "public" && schemaTo !== null && { schemaTo }), columnsFrom: key.columns, columnsTo: key.references.columns, onDelete: key.onDelete, onUpdate: key.onUpdate }];
    })],
    ["compositePrimaryKeys", composite],
    ["uniqueConstraints", (table) => table.uniques.map((unique) => {
      const name = uncut(unique.name, uniqueNameOf({ ...unique, name: undefined }, table, "drizzle"));
      return [name, { name, nullsNotDistinct: unique.nullsNotDistinct ?? false, columns: unique.columns }];
    })],
    ["policies", (table) => rowSecurityOf(table).policies.filter(({ complete }) => complete).map((policy) => [policy.name, policyOf(policy)])],
    ["checkConstraints", (table) => table.checks.map((check) => { const name = checkNameOf(check, table); return [name, { name, value: recorded(check.expression) }]; })],
  ];
  const table: Json = { name: after.name.name, schema: after.name.schema === "public" ? "" : after.name.schema };
  for (const [name, of] of sections) table[name] = merged((known?.[name] ?? {}) as Parts, known && before ? of(before) : [], of(after));
  const [had, has] = [before && rowSecurityOf(before), rowSecurityOf(after)];
  // What a database has on may be on by its policies; off it is off.
  const declared = has.declared ?? (has.enabled && had?.enabled && after.at === undefined ? known?.["isRLSEnabled"] ?? false : false);
  return { ...table, isRLSEnabled: declared };
}

/** What the snapshot had, without what is gone, and with what is new or other than before. */
function merged(known: Parts, before: readonly (readonly [string, unknown])[], after: readonly (readonly [string, unknown])[]): Parts {
  const result = { ...known };
  const had = new Map(before), has = new Map(after);
  for (const name of had.keys()) if (!has.has(name)) delete result[name];
  for (const [name, one] of has) if (!had.has(name) || !same(had.get(name), one)) result[name] = one;
  return result;
}

function columnOf(column: Column, table: Table): Json {
  const { generated, type, name } = column;
  const given = column.default, isGenerated = generated === "stored" || generated === "virtual";
  const value = given && (given.recorded ?? given.sql);
  return {
    name, type: recordedType(type, generated === "serial"), ...(type.enum && !type.enumOfObject && { typeSchema: type.enum.schema ?? "public" }),
    primaryKey: isInline(table) && table.primaryKey!.columns.includes(name), notNull: !column.nullable,
    ...(given && isGenerated && { generated: { as: value, type: "stored" } }),
    ...(generated === "identity" && { identity: identityOf(column, table) }),
    // What cannot be read is not made either: the kit finds it.
    ...(given?.complete && !isGenerated && generated !== "serial" && generated !== "identity" && { default: value }),
  };
}

function identityOf(column: Column, table: Table): Json {
  const { sequenceOptions: own, type } = column;
  return {
    type: column.identity === "always" ? "always" : "byDefault", name: sequenceNameOf(column, table, "drizzle"), schema: table.name.schema ?? "public",
    ...sequenceOptions(type.name, knownOptions(own)),
  };
}

function indexOf(index: Index, table: Table): Json {
  return {
    name: uncut(index.name, indexNameOf({ ...index, name: undefined }, table, "drizzle")),
    columns: index.keys.map((key) => key.expression
      ? { expression: recorded(key.expression), asc: true, isExpression: true, nulls: "last" }
      : { expression: key.column, isExpression: false, asc: key.order === "asc", nulls: key.nulls ?? (key.order === "desc" ? "first" : "last"), ...(key.operatorClass !== undefined && { opclass: key.operatorClass }) }),
    isUnique: index.unique, ...(index.where && { where: recorded(index.where) }), concurrently: index.concurrently ?? false, method: index.method,
    with: Object.fromEntries(Object.entries(index.with ?? {}).map(([name, value]) => [name, typed(value)])),
  };
}

/** By PostgreSQL's words; what is not there is left out. */
function policyOf({ name, as, for: command, to, using, withCheck }: Policy): Json {
  return { name, as: as.toUpperCase(), for: command.toUpperCase(), to, ...(using && { using: recorded(using) }), ...(withCheck && { withCheck: recorded(withCheck) }) };
}

function recorded({ recorded: text, sql }: Expression): unknown {
  return text ?? sql;
}

/** drizzle-kit has a key of one column at its column, unless the code declares it apart. In a database PostgreSQL's own name tells that it was made at the column. */
function isInline({ primaryKey, name }: Table): boolean {
  if (primaryKey?.columns.length !== 1) return false;
  return primaryKey.inline ?? (primaryKey.at === undefined && primaryKey.name === postgresName(name.name, undefined, "pkey"));
}

/** The snapshot has the whole of a name that PostgreSQL cuts. */
function uncut(given: string | undefined, made: string | undefined): string {
  return given === undefined || (made !== undefined && storedName(made, "postgresql") === given) ? made ?? "" : given;
}

function nextEnums(previous: Parts, before: SchemaModel, after: SchemaModel): Parts {
  const of = (model: SchemaModel) => model.enums.map(({ name, values }) => [`${name.schema ?? "public"}.${name.name}`, { name: name.name, schema: name.schema ?? "public", values }] as const);
  return merged(previous, of(before), of(after));
}

function nextSequences(previous: Parts, before: SchemaModel, after: SchemaModel): Parts {
  const of = (model: SchemaModel) => (model.sequences ?? []).filter(({ owned }) => !owned).map(({ name, type, options }) => [`${name.schema ?? "public"}.${name.name}`, { name: name.name, schema: name.schema ?? "public", ...sequenceOptions(type, knownOptions(options)) }] as const);
  return merged(previous, of(before), of(after));
}

function nextViews(previous: Parts, before: SchemaModel, after: SchemaModel): Parts {
  const views = { ...previous };
  const { gone, now } = recordedViews(before, after);
  for (const view of gone) delete views[viewKey(view)];
  for (const view of now) views[viewKey(view)] = viewSnapshot(view, columnOf);
  return views;
}

/** What the migration renames, as drizzle-kit records it: of what merely moves to another schema it says nothing (`prepareMigrationMeta` in its sources). */
function metaOf(statements: readonly string[]): Json {
  const found = renamesIn(statements);
  const quoted = (...names: readonly string[]): string => names.filter((name, at) => at > 0 || name !== "public").map((name) => `"${name}"`).join(".");
  const of = (type: string, key: (one: FoundRename, side: "from" | "to") => string): Json => Object.fromEntries(found.filter(({ types, from, to }) => types[0] === type && from !== to).map((one) => [key(one, "from"), key(one, "to")]));
  return {
    columns: of("columns", (one, side) => quoted(one.schema, one.table ?? "", one[side])),
    schemas: of("schemas", (one, side) => one[side]),
    tables: of("tables", (one, side) => quoted(side === "from" ? one.schema : one.toSchema, one[side])),
  };
}

function nextDeclared({ schemas, roles }: Json, before: SchemaModel, after: SchemaModel): Json {
  const schemasOf = (model: SchemaModel) => (declaredIn(model)?.schemas ?? []).map((name) => [name, name] as const);
  const rolesOf = (model: SchemaModel) => (declaredIn(model)?.roles ?? []).map(({ name, createDatabase, createRole, inherit }) => [name, { name, createDb: createDatabase, createRole, inherit }] as const);
  return { schemas: merged((schemas ?? {}) as Parts, schemasOf(before), schemasOf(after)), roles: merged((roles ?? {}) as Parts, rolesOf(before), rolesOf(after)) };
}

/** What a snapshot calls a table. */
export function keyOf({ name }: Table): string {
  return `${name.schema ?? "public"}.${name.name}`;
}

/** By content; places in files apart. */
function same(a: unknown, b: unknown): boolean {
  const text = (one: unknown): string => JSON.stringify(one, (name, value: unknown) => (name === "at" || name === "nameAt" ? undefined : value)) ?? "";
  return a === b || text(a) === text(b);
}
