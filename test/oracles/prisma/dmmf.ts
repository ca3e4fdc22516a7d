// A reading of ours and Prisma's DMMF as sets of sentences, so that a difference can be read.
import type { SchemaReading } from "../../../server/src/model/finding";
import { prismaName } from "../../../server/src/indexes/name-length";
import { operatorClass } from "../../../server/src/sources/prisma/operator-classes";
import { dmmf, type DmmfIndex, type DmmfModel } from "./engine";

/** What Prisma says of columns, keys, indexes and relations. */
export function sentencesOfPrisma(files: Readonly<Record<string, string>>): readonly string[] {
  const { models, indexes, enums } = dmmf(files);
  const byName = new Map(models.map((model) => [model.name, model]));
  const table = (model: DmmfModel): string => `${model.schema ?? "-"}.${model.dbName ?? model.name}`;
  const column = (model: DmmfModel, field: string): string => {
    const [head, ...path] = field.split(".");
    return [model.fields.find((one) => one.name === head)?.dbName ?? head, ...path].join(".");
  };
  // The DMMF shows views as if they were models.
  const views = new Set(Object.values(files).flatMap((text) => [...text.matchAll(/^view (\w+)/gm)].map((match) => match[1])));
  const list: string[] = [];
  for (const one of enums) list.push(`enum ${one.dbName ?? one.name}: ${one.values.map((value) => value.dbName ?? value.name).join(", ")}`);
  for (const model of models) {
    if (views.has(model.name)) continue;
    list.push(`table ${table(model)}`);
    for (const field of model.fields) {
      if (field.kind !== "object" || !byName.has(field.type)) list.push(`column ${table(model)}.${column(model, field.name)} ${field.isRequired ? "not null" : "null"}${field.isList ? " list" : ""}`);
      else if (field.relationFromFields?.length) {
        const target = byName.get(field.type)!;
        const actions = `${field.relationOnDelete ?? "default"}, ${field.relationOnUpdate ?? "default"}`;
        list.push(`key ${table(model)}(${field.relationFromFields.map((name) => column(model, name)).join(",")}) -> ${table(target)}(${field.relationToFields!.map((name) => column(target, name)).join(",")}) ${actions}`);
      }
    }
  }
  for (const index of indexes) {
    const model = byName.get(index.model);
    if (model && !views.has(model.name) && index.type !== "fulltext") list.push(sentenceOf(index, table(model), (field) => column(model, field)));
  }
  return list.sort();
}

function sentenceOf(index: DmmfIndex, table: string, column: (field: string) => string): string {
  const plain = index.fields.map((field) => column(field.name)).join(",");
  if (index.type === "id") return `primary key ${table}(${plain})`;
  if (index.type === "unique") return `unique ${table}(${plain})${index.dbName ? ` ${index.dbName}` : ""}`;
  const keys = index.fields.map((field) => [column(field.name), field.sortOrder === "desc" ? "desc" : "", field.length ?? "", field.operatorClass ? operatorClass(field.operatorClass) : ""].filter((part) => part !== "").join(" "));
  return `index ${table} ${(index.algorithm ?? "BTree").toLowerCase()}(${keys.join(",")})${index.dbName ? ` ${index.dbName}` : ""}`;
}

const actionNames: Readonly<Record<string, string>> = { cascade: "Cascade", restrict: "Restrict", "no action": "NoAction", "set null": "SetNull", "set default": "SetDefault" };

/** The same of ours. `written` gives the actions that the code writes, since the DMMF knows no defaults. */
export function sentencesOfReading(reading: SchemaReading, withSchemas: boolean, textAt: (at: { readonly file: string; readonly start: number; readonly end: number }) => string): readonly string[] {
  const { model } = reading;
  const list: string[] = [];
  const nameOf = (name: { readonly schema: string | null; readonly name: string }): string => `${withSchemas ? name.schema : "-"}.${name.name}`;
  for (const one of model.enums) list.push(`enum ${one.name.name}: ${one.values.join(", ")}`);
  for (const table of model.tables) {
    if (table.implicit) continue;
    const name = nameOf(table.name);
    list.push(`table ${name}`);
    for (const column of table.columns) {
      // The DMMF leaves out what the client does not show.
      if (/@ignore\b|\bUnsupported\(/.test(textAt(column.at!))) continue;
      const list_ = column.type.name.endsWith("[]");
      list.push(`column ${name}.${column.name} ${column.nullable ? "null" : "not null"}${list_ ? " list" : ""}`);
    }
    for (const key of table.foreignKeys) {
      const text = textAt(key.at!);
      const action = (word: string, value: string): string => (new RegExp(`\\b${word}\\s*:`).test(text) ? actionNames[value]! : "default");
      list.push(`key ${name}(${key.columns.join(",")}) -> ${nameOf(key.references.table)}(${key.references.columns.join(",")}) ${action("onDelete", key.onDelete)}, ${action("onUpdate", key.onUpdate)}`);
    }
    if (table.primaryKey) list.push(`primary key ${name}(${table.primaryKey.columns.join(",")})`);
    for (const unique of table.uniques) list.push(`unique ${name}(${unique.columns.join(",")})${unique.name ? ` ${unique.name}` : ""}`);
    for (const index of table.indexes) {
      const columns = index.keys.map((key) => key.column!);
      if (index.unique) list.push(`unique ${name}(${columns.join(",")})${index.name ? ` ${index.name}` : ""}`);
      else {
        const keys = index.keys.map((key) => [key.column, key.order === "desc" ? "desc" : "", key.length ?? "", key.operatorClass ?? ""].filter((part) => part !== "").join(" "));
        const shown = index.name === prismaName("index", table.name.name, columns, model.dialect) ? undefined : index.name;
        list.push(`index ${name} ${index.method}(${keys.join(",")})${shown ? ` ${shown}` : ""}`);
      }
    }
  }
  return list.sort();
}
