// Changes of a model to text edits of its .prisma files: block attributes in the file's own indentation and line ends.
// What Prisma's language cannot say, or what would leave a schema that Prisma refuses, is not written.
import type { Change } from "../../model/change";
import type { Column, Index, QualifiedName, SchemaModel, Table, Unique } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import type { Files, TextEdit } from "../source";
import { enumEdits } from "./edit-enum";
import { aligned, enumOf, fieldEdits, fieldLine, fieldName, type FieldChange } from "./edit-field";
import { newBlocks } from "./edit-new-model";
import { foreignKeyEdits } from "./edit-relation";
import { indexText, mapText, uniqueText, type IndexStyle } from "./index-text";
import { openFiles, type ModelBlock, type OpenFiles } from "./model-block";
import { argument, type Attribute } from "./syntax";

/** The edits that make all `changes`, sorted by file and start; undefined where one of them cannot be written safely. */
export function edit(changes: readonly Change[], model: SchemaModel, files: Files): readonly TextEdit[] | undefined {
  const open = openFiles(model, files);
  const edits: TextEdit[] = [];
  const newTables = changes.flatMap((change) => (change.kind === "add-table" ? [change.table] : []));
  // A table's fix brings the enums along that its columns need.
  const newEnums = changes.flatMap((change) => (change.kind === "add-enum" ? [change.enum] : [])).filter((type, at, all) => all.findIndex((other) => sameTable(other.name, type.name)) === at);
  if (newTables.length + newEnums.length > 0) {
    const made = newBlocks(newEnums, newTables, model, open, files);
    if (!made) return undefined;
    edits.push(...made);
  }
  const fields = new Map<Column, FieldChange[]>();
  const blocks = new Map<string, { readonly block: ModelBlock; readonly added: string[]; readonly removed: Place[] }>();

  for (const change of changes) {
    if (change.kind === "alter-enum") {
      const type = enumOf({ name: change.name.name, enum: change.name }, model);
      const made = type && enumEdits(type, change.to, model, open);
      if (!made) return undefined;
      edits.push(...made);
      continue;
    }
    if (change.kind === "add-table" || change.kind === "add-enum") continue;
    if (change.kind !== "rename-table" && (!("table" in change) || change.kind === "drop-table")) return undefined;
    const table = tableNamed(model, change.kind === "rename-table" ? change.from : change.table);
    const block = table && open.block(table);
    if (!table || !block) return undefined;
    const key = `${block.file}\n${block.base}`;
    const pending = blocks.get(key) ?? { block, added: [], removed: [] };
    blocks.set(key, pending);
    const style = styleOf(table, model, block, open);
    switch (change.kind) {
      case "rename-table": {
        if (table.implicit || (change.from.schema ?? "public") !== (change.to.schema ?? "public")) return undefined;
        const text = `@@map(${JSON.stringify(change.to.name)})`;
        const mapped = block.attributes.find(({ name }) => name === "map");
        if (mapped) edits.push(block.edit(mapped.start, mapped.end, text));
        else pending.added.push(text);
        break;
      }
      case "add-index":
      case "add-unique": {
        const text = change.kind === "add-index" ? indexText(change.index, style) : uniqueText(change.unique, style);
        if (text === undefined) return undefined;
        if (!pending.added.includes(text)) pending.added.push(text);
        break;
      }
      case "drop-index":
      case "drop-unique": {
        const place = change.kind === "drop-index" ? find(block, change.index) : find(block, change.unique);
        const columns = change.kind === "drop-index" ? change.index.keys.map((one) => one.column) : change.unique.columns;
        const unique = change.kind === "drop-unique" || change.index.unique;
        if (!place || (unique && isNeeded(columns, table, model))) return undefined;
        pending.removed.push(place);
        break;
      }
      case "rename-index": {
        const place = find(block, change.index);
        const columns = change.index.keys.map((one) => one.column ?? "");
        if (!place) return undefined;
        edits.push(...renamed(place.attribute, mapText(change.to, change.index.unique ? "unique" : "index", columns, style)[0], block));
        break;
      }
      case "alter-index": {
        const place = find(block, change.from);
        const text = indexText(change.to, style);
        if (!place || place.onField || text === undefined) return undefined;
        edits.push(block.edit(place.attribute.start, place.attribute.end, text));
        break;
      }
      case "add-foreign-key": {
        const made = foreignKeyEdits(change.foreignKey, table, model, open);
        if (!made) return undefined;
        edits.push(...made);
        break;
      }
      case "add-column": {
        const name = fieldName(change.column.name, model);
        const line = name === undefined || block.block.fields.some((one) => one.name === name) ? undefined : fieldLine(change.column, name, model, open);
        const made = line && block.insertionOfField(aligned(line, block.block));
        if (!made) return undefined;
        edits.push(made);
        break;
      }
      case "alter-column-type":
      case "alter-column-nullability":
      case "alter-column-default":
        if (!put(table, change)) return undefined;
        break;
      case "rename-column":
        if (!put(table, { kind: "name", column: change.from, to: change.to })) return undefined;
        break;
      case "add-primary-key": {
        const [only, ...more] = change.primaryKey.columns;
        const keys = change.primaryKey.columns.map((column) => style.field(column));
        if (only === undefined || keys.includes(undefined)) return undefined;
        if (more.length > 0) pending.added.push(`@@id([${keys.join(", ")}])`);
        else if (!put(table, { kind: "key", column: only, key: true })) return undefined;
        break;
      }
      case "drop-primary-key": {
        const { columns } = change.primaryKey;
        const replaced = changes.some((other) => other.kind === "add-primary-key" && sameTable(other.table, change.table));
        // Prisma wants something to tell the rows of a model apart by.
        if (!replaced && (table.uniques.length === 0 || isNeeded(columns, table, model))) return undefined;
        const attribute = block.attributes.find((one) => one.name === "id");
        if (attribute) pending.removed.push({ attribute, onField: false });
        else if (columns.length !== 1 || !put(table, { kind: "key", column: columns[0]!, key: false })) return undefined;
        break;
      }
      case "drop-column":
      case "rename-constraint":
      case "add-check":
      case "drop-check":
      case "drop-foreign-key": return undefined;
    }
  }
  for (const [column, own] of fields) {
    const table = model.tables.find((one) => one.columns.includes(column))!;
    const made = fieldEdits(column, own, model, open.block(table)!, open);
    if (!made) return undefined;
    edits.push(...made);
  }
  for (const { block, added, removed } of blocks.values()) {
    const rest = [...added];
    for (const place of removed) {
      // A new index takes the place of the one that it replaces.
      const text = place.onField ? undefined : rest.shift();
      if (text !== undefined) edits.push(block.edit(place.attribute.start, place.attribute.end, text));
      else if (place.onField) edits.push(block.removal(place.attribute));
      else edits.push(block.removalOfLine(place.attribute));
    }
    if (rest.length === 0) continue;
    const insertion = block.insertion(rest, removed.map((place) => place.attribute));
    if (!insertion) return undefined;
    edits.push(insertion);
  }
  /** Changes of one column are made together. */
  function put(table: Table, change: FieldChange): boolean {
    const column = table.columns.find(({ name }) => name === change.column);
    if (column) fields.set(column, [...(fields.get(column) ?? []), change]);
    return column !== undefined;
  }
  edits.sort((a, b) => (a.file === b.file ? a.start - b.start || a.end - b.end : a.file < b.file ? -1 : 1));
  return edits.some((one, at) => at > 0 && edits[at - 1]!.file === one.file && edits[at - 1]!.end > one.start) ? undefined : edits;
}

interface Place {
  readonly attribute: Attribute;
  /** `@unique` behind a field, not a line of its own. */
  readonly onField: boolean;
}

function styleOf(table: Table, model: SchemaModel, block: ModelBlock, open: OpenFiles): IndexStyle {
  return {
    table: table.name,
    dialect: model.dialect,
    field: (column) => table.columns.find((one) => one.name === column)?.property,
    get namesFields() { return open.namesFields(block.file); },
    partialIndexes: () => open.hasPreviewFeature("partialIndexes"),
  };
}

/** The attribute that an index or unique was read from: the same keys and name, at the same place if several are alike. */
function find(block: ModelBlock, wanted: Index | Unique): Place | undefined {
  const columns = "keys" in wanted ? wanted.keys.map((key) => key.column) : wanted.columns;
  const attributes = "keys" in wanted && !wanted.unique ? ["index"] : ["unique"];
  const found: Place[] = [];
  for (const attribute of block.attributes) {
    if (!attributes.includes(attribute.name)) continue;
    if (same(block.columnsOf(attribute), columns) && nameOf(attribute) === wanted.name) found.push({ attribute, onField: false });
  }
  for (const { attribute, column } of block.fieldAttributes) {
    if (attribute.name === "unique" && attributes[0] === "unique" && same([column], columns) && nameOf(attribute) === wanted.name) found.push({ attribute, onField: true });
  }
  if (found.length < 2) return found[0];
  return found.find(({ attribute }) => wanted.at?.start === block.base + attribute.start);
}

function nameOf(attribute: Attribute): string | undefined {
  const value = argument(attribute, "map") ?? (attribute.name === "index" ? argument(attribute, "name") : undefined);
  return value?.kind === "string" ? value.text : undefined;
}

/** Prisma wants a unique under each foreign key that leads here, and under the key of a one-to-one relation. */
function isNeeded(columns: readonly (string | undefined)[], table: Table, model: SchemaModel): boolean {
  const keys = [table.primaryKey?.columns ?? [], ...table.uniques.map((unique) => unique.columns)].filter((one) => same(one, columns));
  if (keys.length > 1) return false;
  if (!table.primaryKey && table.uniques.length < 2) return true;
  const referenced = model.tables.some((other) => other.foreignKeys.some((key) => sameTable(key.references.table, table.name) && sameSet(key.references.columns, columns)));
  const single = table.foreignKeys.some((key) => sameSet(key.columns, columns) && !leadsToList(key.references.table, table, model));
  return referenced || single;
}

function leadsToList(target: QualifiedName, table: Table, model: SchemaModel): boolean {
  const back = tableNamed(model, target)?.relations.filter((relation) => sameTable(relation.target, table.name) && relation.columns.length === 0) ?? [];
  return back.length > 0 && back.every((relation) => relation.many);
}

/** `map` as an argument of the attribute, or taken away where the name is Prisma's own. */
function renamed(attribute: Attribute, map: string | undefined, block: ModelBlock): readonly TextEdit[] {
  const list = attribute.arguments ?? [];
  const at = list.findIndex((one) => one.name === "map" || (one.name === "name" && attribute.name === "index"));
  const old = list[at];
  if (!old) {
    if (map === undefined) return [];
    if (attribute.open < 0) return [block.edit(attribute.end, attribute.end, `(${map})`)];
    const last = list[list.length - 1];
    return last ? [block.edit(last.end, last.end, `, ${map}`)] : [block.edit(attribute.open + 1, attribute.open + 1, map)];
  }
  if (map !== undefined) return [block.edit(old.from, old.end, map)];
  const before = list[at - 1];
  const after = list[at + 1];
  if (before) return [block.edit(before.end, old.end, "")];
  if (after) return [block.edit(old.from, after.from, "")];
  return [block.edit(attribute.open, attribute.end, "")];
}

function tableNamed(model: SchemaModel, name: QualifiedName): Table | undefined {
  return model.tables.find((table) => sameTable(table.name, name) && !table.implicit);
}

function same(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): boolean {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

function sameSet(a: readonly (string | undefined)[], b: readonly (string | undefined)[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
