// Writes changes into Drizzle code as text edits, in the style of the file. Parses no more than the statements that change and the imports.
// It does not decide what to change, and where a change is not plainly safe it gives undefined: then a migration can still make it.
import type { Change } from "../../model/change";
import type { QualifiedName, SchemaModel, Table } from "../../model/schema";
import type { Files, TextEdit } from "../source";
import { editEnum, enumNamed } from "./edit-enum";
import type { FileEdit } from "./edit-file";
import { fileEdit } from "./edit-file";
import { dropUnused } from "./edit-imports";
import type { Splice } from "./edit-list";
import { appendDeclarations, enumProperty } from "./edit-new-table";
import { editTable } from "./edit-table";

/**
 * The text edits that make all `changes`, against the current texts: sorted by file and start, not overlapping.
 * Undefined where one of them cannot be written safely, so that never half of them is.
 */
export function edit(changes: readonly Change[], model: SchemaModel, files: Files): readonly TextEdit[] | undefined {
  const tables = new Map(model.tables.map((table) => [key(table.name), table]));
  const perTable = new Map<Table, Change[]>();
  const enums: Extract<Change, { kind: "alter-enum" }>[] = [];
  const fresh: Extract<Change, { kind: "add-table" | "add-enum" }>[] = [];
  for (const change of changes) {
    if (change.kind === "alter-enum") {
      enums.push(change);
      continue;
    }
    if (change.kind === "add-table" || change.kind === "add-enum") {
      fresh.push(change);
      continue;
    }
    const table = change.kind === "rename-table" ? tables.get(key(change.from)) : "table" in change && "schema" in change.table ? tables.get(key(change.table)) : undefined;
    if (!table?.at) return undefined;
    perTable.set(table, [...(perTable.get(table) ?? []), change]);
  }
  const open = new Map<string, FileEdit>();
  const at = (path: string): FileEdit | undefined => {
    const file = open.get(path) ?? fileEdit(path, model, files);
    if (file) open.set(path, file);
    return file;
  };
  for (const [table, own] of perTable) {
    const file = at(table.at!.file);
    const splices = file && editTable(table, own, file);
    if (!splices) return undefined;
    file.splices.push(...splices);
  }
  for (const { name, to } of enums) {
    const type = enumNamed(model, name);
    const file = type?.at && at(type.at.file);
    const splices = file && editEnum(type!, to, file);
    if (!splices) return undefined;
    file.splices.push(...splices);
  }
  if (fresh.length > 0) {
    const path = model.tables.findLast((table) => table.at)?.at?.file;
    const file = path === undefined ? undefined : at(path);
    const added = file && fresh.flatMap((change) => (change.kind === "add-enum" ? [{ name: change.enum.name, values: change.enum.values, property: enumProperty(change.enum, file) }] : []));
    const tables = fresh.flatMap((change) => (change.kind === "add-table" ? [change.table] : []));
    const splice = file && appendDeclarations(added!, tables, { ...file, model: { ...model, enums: [...model.enums, ...added!] } });
    if (!splice) return undefined;
    file.splices.push(splice);
  }
  const edits: TextEdit[] = [];
  for (const path of [...open.keys()].sort()) {
    const merged = merge(withImports(open.get(path)!));
    if (!merged) return undefined;
    edits.push(...merged.map((splice) => ({ file: path, ...splice })));
  }
  return edits;
}

function withImports(file: FileEdit): Splice[] {
  const added = file.writer.splices();
  // A list is either extended or thinned out in one go, so that the two do not meet.
  if (added.length > 0) return [...file.splices, ...added];
  const gone = file.splices.filter((splice) => splice.end > splice.start);
  const mentioned = new Set<string>();
  for (const splice of gone) for (const [word] of file.text.slice(splice.start, splice.end).matchAll(/[\w$]+/g)) if (file.imports.locals.has(word)) mentioned.add(word);
  const written = new Set(file.splices.flatMap((splice) => splice.text.match(/[\w$]+/g) ?? []));
  return [...file.splices, ...dropUnused(file.imports, mentioned, gone, written)];
}

/** Sorted, with those that touch made one; undefined where two overlap. */
function merge(splices: readonly Splice[]): Splice[] | undefined {
  const sorted = splices.map((splice, index) => ({ splice, index })).sort((a, b) => a.splice.start - b.splice.start || a.splice.end - b.splice.end || a.index - b.index);
  const merged: Splice[] = [];
  for (const { splice } of sorted) {
    const before = merged.at(-1);
    if (before && splice.start < before.end) return undefined;
    if (before && splice.start === before.end) merged[merged.length - 1] = { start: before.start, end: splice.end, text: before.text + splice.text };
    else merged.push(splice);
  }
  return merged;
}

function key(name: QualifiedName): string {
  return JSON.stringify([name.schema, name.name]);
}
