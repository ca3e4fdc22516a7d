// What drizzle-kit's own record says that a folder's migrations lead to, as a replay of them would: the kit compares with it
// itself. Where the code says the very same, it is told in the code's words, so that no mere spelling becomes a difference.
import { indexNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import type { Column, ColumnType, Expression, Index, Policy, SchemaModel, Table } from "../../model/schema";
import type { MigrationFolder } from "../../model/migration";
import { tableKey } from "../../model/table-key";
import { recordedType } from "../../sources/drizzle/recorded";
import type { Files } from "../../sources/source";
import { newestSnapshot, recordedEntities } from "./drizzle-recorded";
import { schemaOfSnapshot } from "./drizzle-schema-v0";
import { schemaOfEntities } from "./drizzle-schema-v1";

/** `code`: the schema that the folder belongs to. Undefined where there is no such record, and where it is not of the version that drizzle-kit writes now. */
export function recordedSchema(folder: MigrationFolder, files: Pick<Files, "read" | "list">, code?: SchemaModel): SchemaModel | undefined {
  const schema = recordOf(folder, files);
  if (!schema) return undefined;
  const own = new Map((code?.tables ?? []).map((table) => [tableKey(table.name), table]));
  return { id: folder.folder, source: "database", dialect: "postgresql", ...schema, tables: schema.tables.map((table) => inWordsOf(own.get(tableKey(table.name)), table)) };
}

function recordOf(folder: MigrationFolder, files: Pick<Files, "read" | "list">): Pick<SchemaModel, "tables" | "enums" | "sequences" | "views"> | undefined {
  if (folder.migrations.length === 0 || folder.dialect !== "postgresql") return undefined;
  switch (folder.format) {
    case "drizzle v0": {
      const snapshot = newestSnapshot(folder, files);
      return snapshot && schemaOfSnapshot(snapshot);
    }
    case "drizzle v1": {
      const entities = recordedEntities(folder, files);
      return entities && schemaOfEntities(entities);
    }
    case "prisma":
    case "sql": return undefined;
  }
}

/** `own`: the code's table of that name. */
function inWordsOf(own: Table | undefined, table: Table): Table {
  const columns = new Map(own?.columns.map((column) => [column.name, column]));
  const checks = new Map(own?.checks.map((check) => [storedName(check.name ?? "", "postgresql"), check]));
  const indexes = new Map(own?.indexes.map((index) => [storedName(indexNameOf(index, own, "drizzle"), "postgresql"), index]));
  const policies = new Map(own?.rowSecurity?.policies.map((policy) => [policy.name, policy]));
  return {
    ...table,
    columns: table.columns.map((column) => columnInWordsOf(columns.get(column.name), column)),
    checks: table.checks.map((check) => ({ ...check, expression: words(checks.get(check.name!)?.expression, check.expression) })),
    indexes: table.indexes.map((index) => indexInWordsOf(indexes.get(index.name!), index)),
    ...(table.rowSecurity && { rowSecurity: { ...table.rowSecurity, policies: table.rowSecurity.policies.map((policy) => policyInWordsOf(policies.get(policy.name), policy)) } }),
  };
}

function columnInWordsOf(own: Column | undefined, column: Column): Column {
  const type = typeInWordsOf(own, column.type);
  return { ...column, type, ...(column.default && { default: words(own?.default, column.default) }) };
}

function typeInWordsOf(own: Column | undefined, { recorded = "", ...type }: ColumnType): ColumnType {
  // 0.31 and 1.0 put their blanks in different places.
  const bare = (text: string): string => text.replaceAll(", ", ",").replaceAll(" (", "(").replaceAll(/\[\d+\]/g, "[]");
  const isSame = own && bare(recordedType(own.type, own.generated === "serial")) === bare(recorded) && own.type.enum?.schema === type.enum?.schema;
  return isSame ? own.type : type;
}

function indexInWordsOf(own: Index | undefined, index: Index): Index {
  return {
    ...index, ...(index.where && { where: words(own?.where, index.where) }),
    keys: index.keys.map((key, at) => (key.expression ? { ...key, expression: words(own?.keys[at]?.expression, key.expression) } : key)),
  };
}

function policyInWordsOf(own: Policy | undefined, policy: Policy): Policy {
  return { ...policy, ...(policy.using && { using: words(own?.using, policy.using) }), ...(policy.withCheck && { withCheck: words(own?.withCheck, policy.withCheck) }) };
}

/** The code's expression where the record has what drizzle-kit would record of it. */
function words(own: Expression | undefined, { recorded, ...expression }: Expression): Expression {
  return own && String(own.recorded ?? own.sql) === String(recorded) ? own : expression;
}
