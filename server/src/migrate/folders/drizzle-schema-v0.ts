// A snapshot of drizzle-kit 0.31 as a schema: what the kit says the folder's migrations lead to, told as a database would be.
import { postgresName, storedName } from "../../indexes/name-length";
import type { Check, Column, EnumType, ForeignKey, Index, IndexKey, QualifiedName, ReferentialAction, SchemaModel, Table, Unique } from "../../model/schema";
import { recordedColumnType, recordedExpression, recordedIdentity, recordedSecurity, recordedSequence, recordedView } from "./drizzle-schema-parts";
import { recordedPolicy } from "./drizzle-recorded";
import type { Json } from "./drizzle-snapshot-v0";

type Schema = Pick<SchemaModel, "tables" | "enums" | "sequences" | "views">;

/** `snapshot` is of version 7. */
export function schemaOfSnapshot(snapshot: Json): Schema {
  const enums = list(snapshot["enums"]).map((one): EnumType => ({ name: nameOf(one), values: one["values"] as readonly string[] }));
  const names = list(snapshot["tables"]).map(nameOf);
  const tables = list(snapshot["tables"]).map((one) => tableOf(one, enums, names));
  return {
    tables, enums,
    sequences: list(snapshot["sequences"]).map((one) => recordedSequence(nameOf(one), one)),
    views: list(snapshot["views"]).filter((one) => one["isExisting"] !== true).map((one) => recordedView(nameOf(one), one, tables)),
  };
}

function list(section: unknown): readonly Json[] {
  return Object.values((section ?? {}) as Record<string, Json>);
}

function nameOf(one: Json): QualifiedName {
  return { schema: String(one["schema"] ?? "") || "public", name: String(one["name"]) };
}

function stored(one: Json): string {
  return storedName(String(one["name"]), "postgresql");
}

function tableOf(table: Json, enums: readonly EnumType[], names: readonly QualifiedName[]): Table {
  const name = nameOf(table), parts = list(table["columns"]);
  const own = new Set(parts.map((one) => String(one["name"])));
  const expression = (value: unknown) => recordedExpression(value, name, own);
  const columns = parts.map((one): Column => {
    const { type, serial } = recordedColumnType(String(one["type"]), one["typeSchema"] as string | undefined, enums);
    const generated = one["generated"] as Json | undefined, identity = one["identity"] as Json | undefined;
    const value = expression(generated ? generated["as"] : one["default"]);
    return {
      name: String(one["name"]), property: String(one["name"]), type, nullable: one["notNull"] !== true,
      ...(value && { default: value }), ...(generated && { generated: "stored" }), ...(serial && { generated: "serial" }), ...(identity && recordedIdentity(identity, type, name, String(one["name"]))),
    };
  });
  const inline = parts.filter((one) => one["primaryKey"] === true).map((one) => String(one["name"]));
  const [key] = list(table["compositePrimaryKeys"]);
  const primaryKey = key ? { name: stored(key), columns: key["columns"] as readonly string[] } : inline.length > 0 ? { name: postgresName(name.name, undefined, "pkey"), columns: inline } : undefined;
  const security = recordedSecurity(table["isRLSEnabled"] === true, list(table["policies"]).map((one) => recordedPolicy(one, name)), { name, columns });
  return {
    name, property: name.name, columns, ...(primaryKey && { primaryKey }),
    uniques: list(table["uniqueConstraints"]).map((one): Unique => ({ name: stored(one), columns: one["columns"] as readonly string[], ...(one["nullsNotDistinct"] === true && { nullsNotDistinct: true }) })),
    foreignKeys: list(table["foreignKeys"]).map((one): ForeignKey => ({
      name: stored(one), columns: one["columnsFrom"] as readonly string[], references: { table: targetOf(one, names), columns: one["columnsTo"] as readonly string[] },
      onDelete: (one["onDelete"] ?? "no action") as ReferentialAction, onUpdate: (one["onUpdate"] ?? "no action") as ReferentialAction, enforced: true,
    })),
    indexes: list(table["indexes"]).map((one): Index => {
      const where = expression(one["where"]), options = Object.entries((one["with"] ?? {}) as Json);
      return {
        name: stored(one), method: String(one["method"] ?? "btree"), unique: one["isUnique"] === true, include: [], ...(where && { where }),
        keys: (one["columns"] as readonly Json[]).map((part): IndexKey => {
          const made = part["isExpression"] === true ? expression(part["expression"]) : undefined;
          if (made) return { expression: made, order: "asc" };
          return { column: String(part["expression"]), order: part["asc"] === false ? "desc" : "asc", ...(typeof part["nulls"] === "string" && { nulls: part["nulls"] as "first" | "last" }), ...(typeof part["opclass"] === "string" && { operatorClass: part["opclass"] }) };
        }),
        ...(options.length > 0 && { with: Object.fromEntries(options.map(([option, value]) => [option, String(value)])) }),
      };
    }),
    checks: list(table["checkConstraints"]).flatMap((one): readonly Check[] => { const made = expression(one["value"]); return made ? [{ name: stored(one), expression: made }] : []; }),
    relations: [], complete: true, ...(security && { rowSecurity: security }),
  };
}

/** Older versions leave the schema out, whichever it is. */
function targetOf(key: Json, names: readonly QualifiedName[]): QualifiedName {
  const called = { schema: String(key["schemaTo"] ?? "") || "public", name: String(key["tableTo"]) };
  const [only, ...others] = key["schemaTo"] === undefined && !names.some(({ schema, name }) => schema === called.schema && name === called.name) ? names.filter(({ name }) => name === called.name) : [];
  return only && others.length === 0 ? only : called;
}
