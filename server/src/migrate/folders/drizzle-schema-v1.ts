// What the snapshots of drizzle-kit 1.0 come to as a schema: what the kit says the folder's migrations lead to, told as a
// database would be.
import { storedName } from "../../indexes/name-length";
import type { Check, Column, EnumType, ForeignKey, Index, IndexKey as Key, QualifiedName, ReferentialAction, SchemaModel, Table, Unique } from "../../model/schema";
import { text, texts, type Entities, type Entity, type IndexKey } from "./drizzle-entities";
import { recordedColumnType, recordedExpression, recordedIdentity, recordedSecurity, recordedSequence, recordedView } from "./drizzle-schema-parts";
import { recordedPolicy } from "./drizzle-recorded";
import type { Json } from "./drizzle-snapshot-v0";

type Schema = Pick<SchemaModel, "tables" | "enums" | "sequences" | "views">;

export function schemaOfEntities(entities: Entities): Schema {
  const all = [...entities.values()];
  const of = (type: string): readonly Entity[] => all.filter(({ entityType }) => entityType === type);
  const enums = of("enums").map((one): EnumType => ({ name: nameOf(one), values: texts(one, "values") }));
  const parts = new Map<string, Entity[]>();
  for (const one of all) if (one["table"] !== undefined) { const key = JSON.stringify([one["schema"], one["table"]]); parts.set(key, [...(parts.get(key) ?? []), one]); }
  const tables = of("tables").map((one) => tableOf(one, parts.get(JSON.stringify([one["schema"], one["name"]])) ?? [], enums));
  return {
    tables, enums,
    sequences: of("sequences").map((one) => recordedSequence(nameOf(one), one)),
    views: of("views").filter((one) => one["isExisting"] !== true).map((one) => recordedView(nameOf(one), one, tables)),
  };
}

function nameOf(one: Entity): QualifiedName {
  return { schema: text(one, "schema") || "public", name: text(one, "name") };
}

function stored(one: Entity): string {
  return storedName(text(one, "name"), "postgresql");
}

function tableOf(table: Entity, parts: readonly Entity[], enums: readonly EnumType[]): Table {
  const name = nameOf(table);
  const of = (type: string): readonly Entity[] => parts.filter(({ entityType }) => entityType === type);
  const [key] = of("pks");
  const own = new Set(of("columns").map((one) => text(one, "name")));
  const expression = (value: unknown) => recordedExpression(value, name, own);
  const columns = of("columns").map((one): Column => {
    const { type, serial } = recordedColumnType(`${text(one, "type")}${"[]".repeat(Number(one["dimensions"] ?? 0))}`, (one["typeSchema"] as string | null) ?? undefined, enums);
    const generated = one["generated"] as Json | null, identity = one["identity"] as Json | null;
    const value = expression(generated ? generated["as"] : one["default"]);
    return {
      name: text(one, "name"), property: text(one, "name"), type, nullable: one["notNull"] !== true,
      ...(value && { default: value }), ...(generated && { generated: "stored" }), ...(serial && { generated: "serial" }), ...(identity && recordedIdentity(identity, type, name, text(one, "name"))),
    };
  });
  const security = recordedSecurity(table["isRlsEnabled"] === true, of("policies").map((one) => recordedPolicy(one, name)), { name, columns });
  return {
    name, property: name.name, columns, ...(key && { primaryKey: { name: stored(key), columns: texts(key, "columns") } }),
    uniques: of("uniques").map((one): Unique => ({ name: stored(one), columns: texts(one, "columns"), ...(one["nullsNotDistinct"] === true && { nullsNotDistinct: true }) })),
    foreignKeys: of("fks").map((one): ForeignKey => ({
      name: stored(one), columns: texts(one, "columns"), references: { table: { schema: text(one, "schemaTo"), name: text(one, "tableTo") }, columns: texts(one, "columnsTo") },
      onDelete: (text(one, "onDelete").toLowerCase() || "no action") as ReferentialAction, onUpdate: (text(one, "onUpdate").toLowerCase() || "no action") as ReferentialAction, enforced: true,
    })),
    indexes: of("indexes").map((one): Index => {
      const where = expression(one["where"]), options = text(one, "with");
      return {
        name: stored(one), method: text(one, "method") || "btree", unique: one["isUnique"] === true, include: [], ...(where && { where }),
        keys: (one["columns"] as readonly IndexKey[]).map((part): Key => {
          const made = part.isExpression ? expression(part.value) : undefined;
          if (made) return { expression: made, order: "asc" };
          return { column: part.value, order: part.asc ? "asc" : "desc", nulls: part.nullsFirst ? "first" : "last", ...(part.opclass && { operatorClass: part.opclass.name }) };
        }),
        ...(options !== "" && { with: Object.fromEntries(options.split(",").map((option) => { const [parameter, value = ""] = option.split("="); return [parameter!.trim(), value.trim()]; })) }),
      };
    }),
    checks: of("checks").flatMap((one): readonly Check[] => { const made = expression(one["value"]); return made ? [{ name: stored(one), expression: made }] : []; }),
    relations: [], complete: true, ...(security && { rowSecurity: security }),
  };
}
