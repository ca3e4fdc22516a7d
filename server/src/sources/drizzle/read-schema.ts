// A whole schema from its files: the tables that they export, with relations, and what was kept from the reading before.
import type { SchemaReading } from "../../model/finding";
import type { DialectName, EnumType, ForeignKey, Problem, Relation, SchemaModel, Table } from "../../model/schema";
import type { SchemaEntry } from "../source";
import { rangeIn } from "./chunk";
import { compute, exportNames, exportValue, moduleAt, release, type Machine } from "./machine";
import { readTable, type TableReading } from "./read-table";
import { readRelations, type TableRelations } from "./read-relations";
import { rangeOfPlace } from "./places";
import { newMemo, type Memo } from "./slot";
import { dialectOf, isKind, type EnumValue, type RelationsValue, type TableValue, type Value } from "./values";

/** What one schema's reading leaves for the next. */
export interface SchemaMemory {
  tables: Map<TableValue, Memo<TableReading>>;
  relations: Map<RelationsValue, Memo<readonly TableRelations[]>>;
  /** Tables with their relations, by the parts that they were made of. */
  linked: Map<TableReading, { readonly parts: readonly TableRelations[]; readonly table: Table }>;
  enums: Map<EnumValue, EnumType>;
}

export function newMemory(): SchemaMemory {
  return { tables: new Map(), relations: new Map(), linked: new Map(), enums: new Map() };
}

interface Exports {
  readonly tables: Map<TableValue, string>;
  readonly relations: Set<RelationsValue>;
  readonly enums: Set<EnumValue>;
  readonly problems: Problem[];
}

export function readSchema(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, configProblems: readonly Problem[]): SchemaReading {
  const found = exportsOf(machine, entry.files);
  const dialect = entry.dialect ?? dialectFrom(found.tables.keys());
  const problems: Problem[] = [...configProblems, ...found.problems];

  const tables = new Map<TableValue, Memo<TableReading>>();
  const readings: TableReading[] = [];
  for (const value of found.tables.keys()) {
    if (!belongs(value, dialect)) continue;
    const memo = memory.tables.get(value) ?? newMemo<TableReading>();
    tables.set(value, memo);
    const reading = compute(machine, memo, () => readTable(machine, value, entry.casing));
    readings.push(reading);
    if (reading.problems.length > 0) problems.push(...reading.problems);
  }
  keepOnly(memory.tables, tables);
  memory.tables = tables;

  const relations = new Map<RelationsValue, Memo<readonly TableRelations[]>>();
  const byTable = new Map<string, TableRelations[]>();
  for (const value of found.relations) {
    const memo = memory.relations.get(value) ?? newMemo<readonly TableRelations[]>();
    relations.set(value, memo);
    for (const one of compute(machine, memo, () => readRelations(machine, value, entry.casing))) {
      const key = keyOf(one.table);
      const list = byTable.get(key);
      if (list) list.push(one);
      else byTable.set(key, [one]);
    }
  }
  keepOnly(memory.relations, relations);
  memory.relations = relations;

  const linked: SchemaMemory["linked"] = new Map();
  const last = new Map<string, Table>();
  const all: Table[] = [];
  for (const reading of readings) {
    const parts = byTable.get(keyOf(reading.table.name)) ?? [];
    const before = memory.linked.get(reading);
    const kept = before && sameParts(before.parts, parts) ? before : { parts, table: link(reading.table, parts) };
    linked.set(reading, kept);
    last.set(keyOf(reading.table.name), kept.table);
    all.push(kept.table);
  }
  memory.linked = linked;

  const shown = inOrder(all.filter((table) => last.get(keyOf(table.name)) === table));
  const hidden = all.filter((table) => last.get(keyOf(table.name)) !== table);
  const model: SchemaModel = {
    id: entry.id, source: "drizzle", dialect, config: entry.config, tables: shown, enums: enumsOf(found.enums, memory),
    ...(hidden.length > 0 && { hidden }),
  };
  return { model, problems, dependsOn: dependencies(machine, entry) };
}

function exportsOf(machine: Machine, files: readonly string[]): Exports {
  const found: Exports = { tables: new Map(), relations: new Set(), enums: new Set(), problems: [] };
  for (const file of files) {
    const module = moduleAt(machine, file);
    if (!module) {
      found.problems.push({ kind: "unreadable", message: "the file cannot be read", at: { file, start: 0, end: 0 } });
      continue;
    }
    for (const name of exportNames(machine, module)) note(found, name, exportValue(machine, module, name));
    for (const chunk of module.document.chunks) {
      const error = chunk.errors[0];
      if (error) found.problems.push({ kind: "syntax", message: error.message, at: rangeIn(chunk, error.start, error.end) });
    }
  }
  return found;
}

function note(found: Exports, name: string, value: Value): void {
  if (isKind(value, "table")) {
    if (!value.view && !found.tables.has(value)) found.tables.set(value, name);
  } else if (isKind(value, "relations")) found.relations.add(value);
  else if (isKind(value, "enum")) found.enums.add(value);
  else if (isKind(value, "unknown") && value.table) found.problems.push({ kind: "unreadable", message: value.reason, at: value.place && rangeOfPlace(value.place) });
}

/** drizzle-kit takes the tables of its own dialect and leaves the others. */
function belongs(table: TableValue, dialect: DialectName): boolean {
  const own = dialectOf[table.family];
  return own === dialect || (own === "postgresql" && dialect === "cockroachdb");
}

function dialectFrom(tables: Iterable<TableValue>): DialectName {
  const counts = new Map<DialectName, number>();
  for (const table of tables) counts.set(dialectOf[table.family], (counts.get(dialectOf[table.family]) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "postgresql";
}

function keyOf(name: { readonly schema: string | null; readonly name: string }): string {
  return `${name.schema ?? ""}\n${name.name}`;
}

function keepOnly<V>(before: ReadonlyMap<V, Memo<unknown>>, now: ReadonlyMap<V, Memo<unknown>>): void {
  for (const [value, memo] of before) if (!now.has(value)) release(memo);
}

function sameParts(a: readonly TableRelations[], b: readonly TableRelations[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

/** The table with its relations, and with a foreign key for each relation that no constraint stands behind. */
function link(table: Table, parts: readonly TableRelations[]): Table {
  if (parts.length === 0) return table;
  const relations: Relation[] = parts.flatMap((part) => part.relations);
  const real = new Set(table.foreignKeys.map((key) => [...key.columns].sort().join()));
  const implied: ForeignKey[] = [];
  for (const key of parts.flatMap((part) => part.foreignKeys)) {
    const columns = [...key.columns].sort().join();
    if (real.has(columns)) continue;
    real.add(columns);
    implied.push(key);
  }
  return { ...table, relations, foreignKeys: implied.length > 0 ? [...table.foreignKeys, ...implied] : table.foreignKeys };
}

function inOrder(tables: readonly Table[]): readonly Table[] {
  const places = tables.map((table) => ({ table, file: table.at?.file ?? "", start: table.at?.start ?? 0 }));
  return places.sort((a, b) => (a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1)).map(({ table }) => table);
}

function enumsOf(values: ReadonlySet<EnumValue>, memory: SchemaMemory): readonly EnumType[] {
  const enums = new Map<EnumValue, EnumType>();
  for (const value of values) {
    enums.set(value, memory.enums.get(value) ?? {
      name: { schema: value.schema ?? "public", name: value.name }, values: value.values, property: value.home?.name, at: rangeOfPlace(value.place),
    });
  }
  memory.enums = enums;
  return [...enums.values()];
}

function dependencies(machine: Machine, entry: SchemaEntry): readonly string[] {
  const files = new Set<string>(entry.files);
  if (entry.config) files.add(entry.config);
  for (const [path, module] of machine.modules) if (module) files.add(path);
  for (const path of machine.resolver.reads) files.add(path);
  return [...files];
}

