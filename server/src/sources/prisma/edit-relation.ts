// A new foreign key in Prisma is two relation fields, one in each model. Written only where no name has to be invented
// that could mean something else: one key between the two models, and no field of those names.
import { prismaName } from "../../indexes/name-length";
import type { DialectName, ForeignKey, SchemaModel, Table } from "../../model/schema";
import type { TextEdit } from "../source";
import type { OpenFiles } from "./model-block";

/** The edits that add the relation, or undefined where the models are related already, are one, or lack what the key names. */
export function foreignKeyEdits(key: ForeignKey, table: Table, model: SchemaModel, open: OpenFiles): readonly TextEdit[] | undefined {
  const target = model.tables.find((one) => one.name.name === key.references.table.name && one.name.schema === key.references.table.schema && !one.implicit);
  if (!target || target === table || key.columns.length === 0) return undefined;
  if (table.relations.some((one) => one.target.name === target.name.name) || target.relations.some((one) => one.target.name === table.name.name)) return undefined;
  const own = open.block(table);
  const other = open.block(target);
  const columns = key.columns.map((name) => table.columns.find((one) => one.name === name));
  const references = key.references.columns.map((name) => target.columns.find((one) => one.name === name));
  if (!own || !other || columns.some((one) => !one) || references.some((one) => !one) || columns.length !== references.length) return undefined;
  if (columns.some((one, at) => one!.type.name !== references[at]!.type.name)) return undefined;
  const unique = [target.primaryKey?.columns, ...target.uniques.map((one) => one.columns)].some((one) => one?.length === references.length && one.every((name, at) => name === references[at]!.name));
  const single = [table.primaryKey?.columns, ...table.uniques.map((one) => one.columns)].some((one) => one?.length === columns.length && one.every((name) => key.columns.includes(name)));
  const field = lowerFirst(target.property);
  const back = single ? lowerFirst(table.property) : lowerFirst(plural(table.property));
  if (!unique || own.block.fields.some((one) => one.name === field) || other.block.fields.some((one) => one.name === back)) return undefined;
  const optional = columns.every((one) => one!.nullable);
  const words = relationWords(key, table, model.dialect, (name) => columns.find((one) => one!.name === name)!.property, (name) => references.find((one) => one!.name === name)!.property, optional);
  const one = own.insertionOfField(`${field} ${target.property}${optional ? "?" : ""} @relation(${words.join(", ")})`);
  const two = other.insertionOfField(`${back} ${table.property}${single ? "?" : "[]"}`);
  return one && two ? [one, two] : undefined;
}

const actionNames = { "no action": "NoAction", restrict: "Restrict", cascade: "Cascade", "set null": "SetNull", "set default": "SetDefault" } as const;

/** The arguments of `@relation` on the side that holds the key; `own` and `other` give the fields of columns. */
export function relationWords(key: ForeignKey, table: Table, dialect: DialectName, own: (column: string) => string, other: (column: string) => string, optional: boolean): readonly string[] {
  const mayBeNull = optional || key.columns.some((name) => table.columns.find((one) => one.name === name)?.nullable);
  const words = [`fields: [${key.columns.map(own).join(", ")}]`, `references: [${key.references.columns.map(other).join(", ")}]`, ...actions(key, mayBeNull)];
  return key.name === undefined || key.name === prismaName("foreign key", table.name.name, key.columns, dialect) ? words : [...words, `map: ${JSON.stringify(key.name)}`];
}

/** The actions that are not Prisma's defaults. */
function actions(key: ForeignKey, optional: boolean): readonly string[] {
  const list: string[] = [];
  if (key.onDelete !== (optional ? "set null" : "restrict")) list.push(`onDelete: ${actionNames[key.onDelete]}`);
  if (key.onUpdate !== "cascade") list.push(`onUpdate: ${actionNames[key.onUpdate]}`);
  return list;
}

export function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

/** A model that is called as its table is mostly a plural already. */
export function plural(name: string): string {
  if (/[^su]s$/.test(name)) return name;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
