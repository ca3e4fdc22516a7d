// Whole new models and enums, at the end of the schema's file: fields, keys, indexes, and relations to the models that are
// there. What Prisma has no words for (checks, expressions in indexes) stays with the database.
import type { EnumType, ForeignKey, SchemaModel, Table } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import type { Files, TextEdit } from "../source";
import { nameOf } from "./edit-enum";
import { aligned, fieldLine, fieldName } from "./edit-field";
import { lowerFirst, plural, relationWords } from "./edit-relation";
import { indexText, uniqueText, type IndexStyle } from "./index-text";
import type { OpenFiles } from "./model-block";

interface Line {
  readonly name: string;
  readonly type: string;
  readonly attributes: readonly string[];
}

/** A model as it is being written. */
interface Draft {
  readonly table: Table;
  readonly name: string;
  /** Fields of the columns by the columns' names. */
  readonly fields: ReadonlyMap<string, string>;
  readonly lines: Line[];
}

/** The edits that add the enums and tables; undefined where one of them cannot be declared. */
export function newBlocks(enums: readonly EnumType[], tables: readonly Table[], model: SchemaModel, open: OpenFiles, files: Files): readonly TextEdit[] | undefined {
  const file = [...model.tables].reverse().find(({ at }) => at)?.at?.file ?? `${files.root}/${model.id}`;
  const text = files.read(file);
  if (text === undefined) return undefined;
  const inSchemas = open.hasSchemas();
  if (!inSchemas && [...enums, ...tables].some(({ name }) => name.schema !== null && name.schema !== "public")) return undefined;
  const names = new Set([...model.tables, ...model.enums].map(({ property }) => property));
  const free = (name: string): string | undefined => {
    if (!/^[A-Za-z]\w*$/.test(name) || names.has(name)) return undefined;
    names.add(name);
    return name;
  };
  const style = stylesOf(model);
  const newEnums = enums.map((type) => ({ ...type, at: undefined, property: free(style.enum(type.name.name)) }));
  const extended = { ...model, enums: [...model.enums, ...newEnums] };
  const drafts = tables.map((table) => draftOf(table, free(style.model(table.name.name)), extended, open));
  if (newEnums.some(({ property }) => property === undefined) || drafts.some((draft) => draft === undefined)) return undefined;
  const all = drafts as readonly Draft[];
  const back = all.flatMap((draft) => relationsOf(draft, all, model, open));
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const schemaOf = ({ name }: Pick<Table | EnumType, "name">): readonly string[] => (inSchemas ? [`@@schema(${JSON.stringify(name.schema ?? "public")})`] : []);
  const blocks = [...newEnums.map((type) => enumText(type, schemaOf(type))), ...all.map((draft) => modelText(draft, extended, open, file, schemaOf(draft.table)))];
  const lead = text === "" ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  return [...back, { file, start: text.length, end: text.length, text: (lead + blocks.join("\n")).replaceAll("\n", newline) }];
}

/** How the schema calls the models of its tables and the enums of its types. */
function stylesOf({ tables, enums }: SchemaModel): { model(table: string): string; enum(type: string): string } {
  const own = tables.filter(({ implicit }) => !implicit);
  const most = (list: readonly boolean[]): boolean => list.length > 0 && list.filter(Boolean).length * 2 > list.length;
  const asTables = most(own.map(({ name, property }) => name.name === property));
  const plurals = own.filter(({ name }) => /s$/i.test(name.name));
  const isSingular = plurals.length === 0 || most(plurals.map(({ name, property }) => property.length < name.name.replaceAll("_", "").length));
  const asTypes = most(enums.map(({ name, property }) => name.name === property));
  const pascal = (name: string): string => name.split(/[^A-Za-z0-9]+/).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
  return {
    model: (table) => (asTables ? table : pascal(isSingular ? singular(table) : table)),
    enum: (type) => (asTypes ? type : pascal(type)),
  };
}

function singular(name: string): string {
  if (/[^aeiou]ies$/i.test(name)) return `${name.slice(0, -3)}y`;
  if (/(ss|x|ch|sh)es$/i.test(name)) return name.slice(0, -2);
  return /[^su]s$/i.test(name) ? name.slice(0, -1) : name;
}

/** Undefined where a column cannot be declared, or nothing tells the model's rows apart. */
function draftOf(table: Table, name: string | undefined, model: SchemaModel, open: OpenFiles): Draft | undefined {
  if (name === undefined || !table.complete || (!table.primaryKey && table.uniques.length === 0)) return undefined;
  const fields = new Map<string, string>();
  const lines: Line[] = [];
  const single = table.primaryKey?.columns.length === 1 ? table.primaryKey.columns[0] : undefined;
  for (const column of table.columns) {
    const property = fieldName(column.name, model);
    const line = property === undefined || [...fields.values()].includes(property) ? undefined : fieldLine(column, property, model, open, column.name === single ? ["@id"] : []);
    if (!line) return undefined;
    fields.set(column.name, line.name);
    lines.push(line);
  }
  return { table, name, fields, lines };
}

/** Puts the relations of the draft's keys into it and into drafts that they lead to; the edits of models that were there before. A key that Prisma could not hold, or whose fields would need invented names, is left out. */
function relationsOf(draft: Draft, drafts: readonly Draft[], model: SchemaModel, open: OpenFiles): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  const keys = draft.table.foreignKeys.filter(({ enforced }) => enforced);
  const taken = new Map<string, Set<string>>();
  for (const key of keys) {
    const other = drafts.find(({ table }) => sameTable(table.name, key.references.table));
    const known = other ? undefined : model.tables.find((table) => sameTable(table.name, key.references.table) && !table.implicit);
    const block = known && open.block(known);
    const target = other?.table ?? known;
    const targetName = other?.name ?? known?.property;
    if (!target || targetName === undefined || (!other && !block) || !fits(key, draft.table, target)) continue;
    const isOnly = target !== draft.table && keys.filter(({ references }) => sameTable(references.table, target.name)).length === 1 && !other?.table.foreignKeys.some(({ references }) => sameTable(references.table, draft.table.name));
    const byColumn = key.columns.length === 1 ? draft.fields.get(key.columns[0]!)!.replace(/_?id$/i, "") : "";
    const names = (of: Draft | undefined): Set<string> => new Set(of ? of.lines.map(({ name }) => name) : [...(block?.block.fields.map(({ name }) => name) ?? []), ...(taken.get(targetName) ?? [])]);
    const field = (isOnly ? [lowerFirst(targetName), byColumn] : [byColumn]).find((name) => /^[A-Za-z]\w*$/.test(name) && !names(draft).has(name));
    if (field === undefined) continue;
    const isSingle = [draft.table.primaryKey?.columns, ...draft.table.uniques.map(({ columns }) => columns)].some((columns) => columns?.length === key.columns.length && columns.every((name) => key.columns.includes(name)));
    const own = lowerFirst(isSingle ? draft.name : plural(draft.name));
    const back = (isOnly ? [own] : [`${own}${field.charAt(0).toUpperCase()}${field.slice(1)}`]).find((name) => !names(other).has(name) && (other !== draft || name !== field));
    if (back === undefined) continue;
    const named = isOnly ? [] : [JSON.stringify(`${draft.name}_${field}`)];
    const isOptional = key.columns.every((name) => draft.table.columns.find((column) => column.name === name)!.nullable);
    const reference = (column: string): string => other?.fields.get(column) ?? known!.columns.find(({ name }) => name === column)!.property;
    const words = [...named, ...relationWords(key, draft.table, model.dialect, (column) => draft.fields.get(column)!, reference, isOptional)];
    draft.lines.push({ name: field, type: `${targetName}${isOptional ? "?" : ""}`, attributes: [`@relation(${words.join(", ")})`] });
    const line = { name: back, type: `${draft.name}${isSingle ? "?" : "[]"}`, attributes: named.map((name) => `@relation(${name})`) };
    if (other) other.lines.push(line);
    else {
      const edit = block!.insertionOfField(aligned(line, block!.block));
      if (!edit) {
        draft.lines.pop();
        continue;
      }
      edits.push(edit);
      taken.set(targetName, (taken.get(targetName) ?? new Set()).add(back));
    }
  }
  return edits;
}

/** Prisma wants columns of one type on both sides, and a unique on the referenced ones. */
function fits(key: ForeignKey, table: Table, target: Table): boolean {
  const type = (of: Table, name: string | undefined): string | undefined => of.columns.find((column) => column.name === name)?.type.name;
  const isUnique = [target.primaryKey?.columns, ...target.uniques.map(({ columns }) => columns)].some((columns) => columns?.length === key.references.columns.length && columns.every((name, at) => name === key.references.columns[at]));
  return isUnique && key.columns.length > 0 && key.columns.every((name, at) => type(table, name) !== undefined && type(table, name) === type(target, key.references.columns[at]));
}

function enumText(type: EnumType, more: readonly string[]): string {
  const values = type.values.map((value) => (nameOf(value) === value ? value : `${nameOf(value)} @map(${JSON.stringify(value)})`));
  return blockText("enum", type.property!, values, [...(type.property === type.name.name ? [] : [`@@map(${JSON.stringify(type.name.name)})`]), ...more]);
}

function modelText({ table, name, fields, lines }: Draft, model: SchemaModel, open: OpenFiles, file: string, more: readonly string[]): string {
  const style: IndexStyle = { table: table.name, dialect: model.dialect, field: (column) => fields.get(column), namesFields: open.namesFields(file), partialIndexes: () => open.hasPreviewFeature("partialIndexes") };
  const key = table.primaryKey?.columns ?? [];
  const attributes = [
    ...(key.length > 1 ? [`@@id([${key.map((column) => fields.get(column)).join(", ")}])`] : []),
    ...table.uniques.map((unique) => uniqueText(unique, style)),
    ...table.indexes.filter(({ constraint, valid }) => !constraint && valid !== false).map((index) => indexText(index, style)),
    ...(name === table.name.name ? [] : [`@@map(${JSON.stringify(table.name.name)})`]),
    ...more,
  ].filter((line) => line !== undefined);
  const nameWidth = Math.max(...lines.map((line) => line.name.length));
  const typeWidth = Math.max(...lines.map(({ type }) => type.length));
  return blockText("model", name, lines.map((line) => `${line.name.padEnd(nameWidth)} ${line.type.padEnd(typeWidth)} ${line.attributes.join(" ")}`.trimEnd()), attributes);
}

/** Two blanks, as Prisma's own formatter has them. */
function blockText(kind: string, name: string, lines: readonly string[], attributes: readonly string[]): string {
  const body = [...lines, ...(attributes.length > 0 ? ["", ...attributes] : [])];
  return `${kind} ${name} {\n${body.map((line) => (line === "" ? "\n" : `  ${line}\n`)).join("")}}\n`;
}
