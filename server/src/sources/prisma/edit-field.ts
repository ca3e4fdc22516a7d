// One field of a model, written for a column: its type, whether it may be NULL, its default; and the line of a new one.
import type { Change } from "../../model/change";
import type { Column, ColumnType, EnumType, SchemaModel } from "../../model/schema";
import type { TextEdit } from "../source";
import { nameOf } from "./edit-enum";
import { defaultText, prismaTypeFor, type PrismaType } from "./edit-type";
import type { ModelBlock, OpenFiles } from "./model-block";
import { argument, type Attribute, type Block, type Field } from "./syntax";

export type FieldChange = Extract<Change, { kind: "alter-column-type" | "alter-column-nullability" | "alter-column-default" }> | { readonly kind: "key"; readonly column: string; readonly key: boolean } | { readonly kind: "name"; readonly column: string; readonly to: string };

/** The edits of a column's field for all its `changes`; undefined where Prisma cannot say one of them. */
export function fieldEdits(column: Column, changes: readonly FieldChange[], model: SchemaModel, block: ModelBlock, open: OpenFiles): readonly TextEdit[] | undefined {
  const field = block.block.fields.find((one) => one.name === column.property);
  if (!field?.type || ((column.generated === "stored" || column.generated === "virtual") && changes.some(({ kind }) => kind !== "name"))) return undefined;
  const type = changes.find((change) => change.kind === "alter-column-type")?.to;
  const nullability = changes.find((change) => change.kind === "alter-column-nullability");
  const given = changes.find((change) => change.kind === "alter-column-default");
  const key = changes.find((change) => change.kind === "key");
  const renamed = changes.find((change) => change.kind === "name")?.to;
  const map = renamed === undefined || renamed === field.name ? undefined : `@map(${JSON.stringify(renamed)})`;
  const current = typeOf(column.type, model);
  const wanted = type ? typeOf(type, model) : current;
  if ((type || given) && !wanted) return undefined;
  const partners = nullability ? relationsOf(field, block.block) : [];
  // Whether a relation is optional decides what Prisma does on delete, unless it says so itself.
  if (nullability && ((type ? wanted!.list : field.type.list) || partners.some((one) => fieldCount(one) > 1 || argument(relation(one), "onDelete") === undefined))) return undefined;
  const optional = nullability ? nullability.nullable : field.type.optional;
  const name = type ? wanted!.scalar : block.text(field.typeStart, field.typeEnd).replace(/[?\s[\]]+$/, "");
  const list = type ? wanted!.list : field.type.list;
  const defaulted = field.attributes.find((one) => one.name === "default");
  const other = type !== undefined && current?.scalar !== wanted!.scalar;
  const expression = given ? given.to : column.default;
  const text = given || (other && defaulted && column.default) ? expression && defaultText(expression, wanted!, valueNames((type ?? column.type), model, open)) : undefined;
  if (given && expression && text === undefined) return undefined;
  if (other && defaulted && !given && text === undefined) return undefined;
  if (other && column.generated !== undefined) return undefined;
  const written: string[] = [];
  let placed = false;
  const put = (): void => {
    if (!placed && text !== undefined) written.push(`@default(${text})`);
    placed = true;
  };
  if (key?.key) written.push("@id");
  for (const attribute of field.attributes) {
    if (key && !key.key && attribute.name === "id") continue;
    if (renamed !== undefined && attribute.name === "map") {
      if (map) written.push(map);
      continue;
    }
    if (attribute === defaulted && (given || text !== undefined)) put();
    else if (attribute.name.includes(".")) {
      put();
      if (!type) written.push(block.text(attribute.start, attribute.end));
    } else written.push(block.text(attribute.start, attribute.end));
  }
  put();
  if (map && !field.attributes.some((one) => one.name === "map")) written.push(map);
  if (type && wanted!.native) written.push(`@${open.datasource()}.${wanted!.native}`);
  const edits = [replaced(field, `${name}${list ? "[]" : optional ? "?" : ""}`, written, block)];
  for (const partner of partners) {
    const bare = block.text(partner.typeStart, partner.typeEnd).replace(/[?\s]+$/, "");
    edits.push(replaced(partner, `${bare}${optional ? "?" : ""}`, partner.attributes.map((one) => block.text(one.start, one.end)), block));
  }
  return edits;
}

/** The line of a new field under the name `property`; undefined for a column that Prisma cannot declare. `more` are attributes of its own. */
export function fieldLine(column: Column, property: string, model: SchemaModel, open: OpenFiles, more: readonly string[] = []): { name: string; type: string; attributes: readonly string[] } | undefined {
  if (column.generated === "stored" || column.generated === "virtual") return undefined;
  const type = typeOf(column.type, model);
  if (!type && (column.type.enum || column.type.name === "unknown" || column.type.name.endsWith("[]"))) return undefined;
  const attributes = [...more];
  if (column.generated === "serial" || column.generated === "identity") {
    if (type?.scalar !== "Int" && type?.scalar !== "BigInt") return undefined;
    attributes.push("@default(autoincrement())");
  } else if (column.default) {
    const text = type ? defaultText(column.default, type, valueNames(column.type, model, open)) : `dbgenerated(${JSON.stringify(column.default.sql)})`;
    if (text === undefined) return undefined;
    attributes.push(`@default(${text})`);
  }
  if (property !== column.name) attributes.push(`@map(${JSON.stringify(column.name)})`);
  if (type?.native) attributes.push(`@${open.datasource()}.${type.native}`);
  const name = type ? type.scalar : `Unsupported(${JSON.stringify(column.type.name)})`;
  return { name: property, type: `${name}${type?.list ? "[]" : column.nullable ? "?" : ""}`, attributes };
}

/** A field's line under the block's other fields, its parts in their columns. */
export function aligned(line: { name: string; type: string; attributes: readonly string[] }, block: Block): string {
  const last = block.fields.at(-1);
  const head = line.name.padEnd(last?.type ? last.typeStart - last.start - 1 : 0);
  const width = attributeColumn(block.fields) ?? 0;
  return `${head} ${line.attributes.length > 0 ? `${line.type.padEnd(width - 1)} ${line.attributes.join(" ")}` : line.type}`;
}

/** How the schema names the fields of columns: as most others whose names have several words. */
export function fieldName(column: string, model: SchemaModel): string | undefined {
  const telling = model.tables.flatMap((table) => table.columns).filter(({ name }) => /_[a-z]/.test(name));
  const same = telling.filter(({ name, property }) => name === property).length * 2 >= telling.length;
  const words = column.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const camel = words.map((word, index) => (index === 0 ? word.charAt(0).toLowerCase() : word.charAt(0).toUpperCase()) + word.slice(1)).join("");
  return [same ? column : camel, camel].find((name) => /^[A-Za-z]\w*$/.test(name));
}

export function enumOf(type: ColumnType, model: SchemaModel): EnumType | undefined {
  return type.enum && model.enums.find(({ name }) => name.name === type.enum!.name && (name.schema ?? "public") === (type.enum!.schema ?? "public"));
}

function typeOf(type: ColumnType, model: SchemaModel): PrismaType | undefined {
  if (!type.enum) return prismaTypeFor(type.name, model.dialect);
  const known = enumOf(type, model)?.property;
  return known === undefined ? undefined : { scalar: known, list: type.name.endsWith("[]") };
}

function valueNames(type: ColumnType, model: SchemaModel, open: OpenFiles): ((value: string) => string | undefined) | undefined {
  const known = enumOf(type, model);
  // An enum without a place is written together with the field.
  return known && ((value) => (known.at ? open.enumBlock(known)?.valueNames.get(value) : nameOf(value)));
}

function replaced(field: Field, type: string, attributes: readonly string[], block: ModelBlock): TextEdit {
  const first = field.attributes[0];
  const column = first ? first.start - field.typeStart : (attributeColumn(block.block.fields.filter((one) => one.typeStart - one.start === field.typeStart - field.start)) ?? 0);
  const end = Math.max(field.typeEnd, ...field.attributes.map((one) => one.end));
  return block.edit(field.typeStart, end, attributes.length === 0 ? type : `${type.padEnd(column - 1)} ${attributes.join(" ")}`);
}

/** Where most attributes begin, from the start of the type. */
function attributeColumn(fields: readonly Field[]): number | undefined {
  const counts = new Map<number, number>();
  for (const { attributes, typeStart } of fields) if (attributes[0]) counts.set(attributes[0].start - typeStart, (counts.get(attributes[0].start - typeStart) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function relation(field: Field): Attribute | undefined {
  return field.attributes.find((one) => one.name === "relation");
}

/** The relation fields that a field carries the key of. */
function relationsOf(field: Field, block: Block): readonly Field[] {
  return block.fields.filter((one) => {
    const fields = argument(relation(one), "fields");
    return fields?.kind === "list" && fields.items.some((item) => item.kind === "name" && item.text === field.name);
  });
}

function fieldCount(field: Field): number {
  const fields = argument(relation(field), "fields");
  return fields?.kind === "list" ? fields.items.length : 0;
}
