// A whole schema from its files: the tables that they export, with relations. What the reading before found is kept
// where nothing that it read has changed, so that an edit costs the tables that it touches and little for the others.
import type { SchemaReading } from "../../model/finding";
import type { DialectName, EnumType, Problem, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import type { SchemaEntry } from "../source";
import { compute, moduleAt, read, release, type Machine } from "./machine";
import { readTable, type TableReading } from "./read-table";
import { othersOf, withLinkedPolicies } from "./read-others";
import { readViews, type ViewReading } from "./read-views";
import { link, readRelations, type TableRelations } from "./read-relations";
import { rangeOfPlace } from "./places";
import { exportsOf, isCurrent, sameItems, syntaxErrors, type Exports } from "./schema-exports";
import { newMemo, type Memo, type Slot } from "./slot";
import { loadTypescript } from "./typescript";
import { dialectOf, isKind, type EnumValue, type OtherValue, type RelationsValue, type SchemaValue, type TableValue, type UnknownValue, type Value } from "./values";

interface TableRecord {
  readonly memo: Memo<TableReading>;
  reading: TableReading;
  key: string;
  /** The table with its relations, and what it was made of. */
  table: Table;
  parts: readonly TableRelations[];
  seen: number;
}

interface RelationsRecord {
  readonly memo: Memo<readonly TableRelations[]>;
  result: readonly TableRelations[];
  seen: number;
}

/** What one schema's reading leaves for the next. */
export interface SchemaMemory {
  readings: number;
  exports?: Exports;
  readonly tables: Map<TableValue, TableRecord>;
  readonly relations: Map<RelationsValue, RelationsRecord>;
  readonly views: Map<TableValue, Memo<ViewReading>>;
  byTable: Map<string, readonly TableRelations[]>;
  readonly enums: Map<EnumValue, EnumType>;
  last?: LastReading;
}

/** The reading before, so that a change of one table can be put into it. */
export interface LastReading {
  reading: SchemaReading;
  readonly configProblems: readonly Problem[];
  /** How far the journal had been read. */
  journal: number;
  /** What the exports' slots held. */
  readonly values: Map<Slot, Value>;
  readonly memos: Map<Memo<unknown>, TableValue | RelationsValue>;
  readonly byKey: Map<string, TableValue>;
  /** Where a table stands in the model. */
  readonly positions: Map<TableRecord, number>;
  /** Problems that no table has. */
  readonly ownProblems: readonly Problem[];
  readonly withProblems: Set<TableRecord>;
}

export function newMemory(): SchemaMemory {
  return { readings: 0, tables: new Map(), relations: new Map(), views: new Map(), byTable: new Map(), enums: new Map() };
}

export function readSchema(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, configProblems: readonly Problem[]): SchemaReading {
  const reading = isCurrent(memory.exports, machine, entry) && memory.last?.configProblems === configProblems ? readChanges(machine, entry, memory, memory.last) : undefined;
  return reading ?? readWhole(machine, entry, memory, configProblems);
}

/** Statements in a portion of `readSteps`: a millisecond or two each. */
const portion = 16;

/** What `readSchema` does first and longest, in portions: the compiler, each file, the exports. */
export function* readSteps(machine: Machine, entry: SchemaEntry, memory: SchemaMemory): Iterable<void> {
  loadTypescript();
  yield;
  for (const file of entry.files) {
    moduleAt(machine, file);
    yield;
  }
  for (const [at, one] of exportsOf(machine, entry, memory).found.entries()) {
    if (one.kind === "slot") read(machine, one.slot);
    if (at % portion === 0) yield;
  }
}

/** Puts what the journal names into the last reading; undefined where more than tables and relations in their places has changed. */
function readChanges(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, last: LastReading): SchemaReading | undefined {
  const changed = new Set<TableValue>();
  const replaced = new Map<TableValue, TableValue>();
  const relations = new Map<RelationsValue, RelationsValue>();
  for (const one of new Set(machine.journal.slice(last.journal))) {
    if (one.kind === "memo") {
      const value = last.memos.get(one);
      if (isKind(value, "table") && value.view) return undefined;
      if (isKind(value, "table")) changed.add(value);
      // Its statement may have been read anew already, which comes before a change of what it refers to.
      else if (value && !relations.has(value)) relations.set(value, value);
    } else if (last.values.has(one)) {
      const before = last.values.get(one), value = read(machine, one);
      if (value === before) continue;
      last.values.set(one, value);
      if (isKind(before, "table") && isKind(value, "table") && memory.tables.has(before) && !value.view && value.family === before.family) replaced.set(before, value);
      else if (isKind(before, "relations") && isKind(value, "relations") && memory.relations.has(before)) relations.set(before, value);
      else if (counts(before) || counts(value)) return undefined;
    }
  }
  for (const [before, value] of relations) {
    for (const key of replaceRelations(machine, entry, memory, last, before, value)) {
      const table = last.byKey.get(key);
      if (table) changed.add(table);
    }
  }
  for (const before of replaced.keys()) changed.delete(before);
  const { model } = last.reading;
  const tables = model.tables.slice();
  for (const [before, value] of [...replaced, ...[...changed].map((value) => [value, value] as const)]) {
    const old = memory.tables.get(before);
    const position = old && last.positions.get(old), key = old?.key;
    if (!old || position === undefined) return undefined;
    if (value !== before) {
      release(old.memo);
      memory.tables.delete(before);
    }
    const record = tableRecord(machine, entry, memory, value, memory.byTable);
    if (record.key !== key) return undefined;
    last.memos.delete(old.memo);
    last.memos.set(record.memo, value);
    last.positions.delete(old);
    last.positions.set(record, position);
    last.byKey.set(record.key, value);
    last.withProblems.delete(old);
    if (record.reading.problems.length > 0) last.withProblems.add(record);
    tables[position] = record.table;
  }
  last.journal = machine.journal.length;
  const problems = byPlace([...last.ownProblems, ...syntaxErrors(memory.exports!.modules), ...[...last.withProblems].flatMap((record) => record.reading.problems)]);
  const same = problems.length === 0 && last.reading.problems.length === 0 && tables.every((table, i) => table === model.tables[i]);
  if (!same) last.reading = { model: { ...model, tables }, problems, dependsOn: dependencies(machine, entry) };
  return last.reading;
}

/** Reads one `relations()` again; the keys of the tables whose relations may be others now. */
function replaceRelations(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, last: LastReading, before: RelationsValue, value: RelationsValue): ReadonlySet<string> {
  const keys = new Set<string>();
  const old = memory.relations.get(before);
  if (!old) return keys;
  const memo = before === value ? old.memo : newMemo<readonly TableRelations[]>();
  const result = compute(machine, memo, () => readRelations(machine, value, entry.casing));
  if (result === old.result) return keys;
  if (before !== value) release(old.memo);
  memory.relations.delete(before);
  memory.relations.set(value, { memo, result, seen: memory.readings });
  last.memos.delete(old.memo);
  last.memos.set(memo, value);
  for (const one of [...old.result, ...result]) keys.add(keyOf(one.dialect, one.table));
  for (const key of keys) {
    const list = (memory.byTable.get(key) ?? none).filter((one) => !old.result.includes(one));
    memory.byTable.set(key, [...list, ...result.filter((one) => keyOf(one.dialect, one.table) === key)]);
  }
  return keys;
}

function counts(value: Value | undefined): boolean {
  return isKind(value, "table") || isKind(value, "relations") || isKind(value, "enum") || isKind(value, "schema") || isKind(value, "other") || (isKind(value, "unknown") && (value.table === true || value.schema === true));
}

function readWhole(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, configProblems: readonly Problem[]): SchemaReading {
  memory.readings++;
  const journal = machine.journal.length;
  const { found, modules, problems: exportProblems } = exportsOf(machine, entry, memory);
  const ownProblems: Problem[] = [...configProblems, ...exportProblems];
  const tables = new Set<TableValue>();
  const relations = new Set<RelationsValue>();
  const enums = new Set<EnumValue>();
  const others = new Set<OtherValue>();
  const schemas = new Set<SchemaValue | UnknownValue>();
  const views = new Set<TableValue>();
  const values = new Map<Slot, Value>();
  for (const one of found) {
    const value: Value = one.kind === "slot" ? read(machine, one.slot) : one.value;
    if (one.kind === "slot") values.set(one.slot, value);
    if (isKind(value, "table")) {
      // Another name in queries is no table of its own.
      if (value.alias === undefined) (value.view ? views : tables).add(value);
    }
    else if (isKind(value, "relations")) relations.add(value);
    else if (isKind(value, "enum")) {
      enums.add(value);
      if (value.unread !== undefined) ownProblems.push({ kind: "unreadable", message: `the values of the enum ${value.name} cannot be read: ${value.unread}`, at: rangeOfPlace(value.place) });
    }
    else if (isKind(value, "other")) others.add(value);
    else if (isKind(value, "schema") || (isKind(value, "unknown") && value.schema)) schemas.add(value);
    else if (isKind(value, "unknown") && value.table) ownProblems.push({ kind: "unreadable", message: value.reason, at: value.place && rangeOfPlace(value.place) });
  }
  const dialect = entry.dialect ?? dialectFrom(tables);
  const byTable = relationsByTable(machine, entry, memory, relations);
  const records: TableRecord[] = [];
  const memos = new Map<Memo<unknown>, TableValue | RelationsValue>([...relations].map((value) => [memory.relations.get(value)!.memo, value]));
  const byKey = new Map<string, TableValue>();
  for (const value of tables) {
    if (!belongs(value, dialect)) continue;
    const record = tableRecord(machine, entry, memory, value, byTable);
    records.push(record);
    memos.set(record.memo, value);
    byKey.set(record.key, value);
  }
  for (const [value, record] of memory.tables) {
    if (record.seen === memory.readings) continue;
    release(record.memo);
    memory.tables.delete(value);
  }
  const withProblems = new Set(records.filter(({ reading }) => reading.problems.length > 0));
  const { shown, hidden } = lastOfEachName(records);
  const sorted = inOrder(shown);
  const own = sorted.map((record) => record.table);
  const linked = withLinkedPolicies(own, others, entry.casing);
  const model: SchemaModel = {
    id: entry.id, source: "drizzle", dialect, config: entry.config, tables: linked, enums: enumsOf(enums, memory),
    ...othersOf({ others, schemas, views: readViews(machine, entry.casing, memory.views, [...views].filter((view) => belongs(view, dialect)), memos) }, linked),
    ...(entry.part && { part: true }),
    ...(entry.migrationsTable && { migrationsTable: entry.migrationsTable }),
    ...(hidden.length > 0 && { hidden: hidden.map((record) => record.table) }),
  };
  const problems = byPlace([...ownProblems, ...syntaxErrors(modules), ...[...withProblems].flatMap((record) => record.reading.problems)]);
  const reading: SchemaReading = { model, problems, dependsOn: dependencies(machine, entry) };
  // With hidden tables, positions are not those of the records, and with linked policies tables are not the records': such schemas are looked through whole.
  memory.last = hidden.length > 0 || linked !== own ? undefined : { reading, configProblems, journal, values, memos, byKey, positions: new Map(sorted.map((record, i) => [record, i])), ownProblems, withProblems };
  return reading;
}

function tableRecord(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, value: TableValue, byTable: SchemaMemory["byTable"]): TableRecord {
  let record = memory.tables.get(value);
  const before = record?.reading;
  const memo = record?.memo ?? newMemo<TableReading>();
  const reading = memo.state === "done" ? memo.value! : compute(machine, memo, () => readTable(machine, value, entry.casing));
  if (!record) {
    record = { memo, reading, key: keyOf(dialectOf[value.family], reading.table.name), table: reading.table, parts: [], seen: 0 };
    memory.tables.set(value, record);
  }
  record.seen = memory.readings;
  if (before !== reading) {
    record.reading = reading;
    record.key = keyOf(dialectOf[value.family], reading.table.name);
  }
  const parts = byTable.get(record.key) ?? none;
  if (before !== reading || !sameItems(parts, record.parts)) {
    record.parts = parts;
    record.table = link(reading.table, parts);
  }
  return record;
}

const none: readonly TableRelations[] = [];

/** Relations by the table that they belong to; the same map as before where none changed. */
function relationsByTable(machine: Machine, entry: SchemaEntry, memory: SchemaMemory, values: ReadonlySet<RelationsValue>): SchemaMemory["byTable"] {
  let changed = values.size !== memory.relations.size;
  for (const value of values) {
    const known = memory.relations.get(value);
    const memo = known?.memo ?? newMemo<readonly TableRelations[]>();
    const result = memo.state === "done" ? memo.value! : compute(machine, memo, () => readRelations(machine, value, entry.casing));
    if (known) {
      known.seen = memory.readings;
      changed ||= known.result !== result;
      known.result = result;
    } else {
      memory.relations.set(value, { memo, result, seen: memory.readings });
      changed = true;
    }
  }
  if (!changed) return memory.byTable;
  for (const [value, record] of memory.relations) {
    if (record.seen === memory.readings) continue;
    release(record.memo);
    memory.relations.delete(value);
  }
  const byTable = new Map<string, TableRelations[]>();
  for (const value of values) {
    for (const one of memory.relations.get(value)!.result) {
      const key = keyOf(one.dialect, one.table), list = byTable.get(key);
      if (list) list.push(one);
      else byTable.set(key, [one]);
    }
  }
  return (memory.byTable = byTable);
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

/** A folder may hold the same names for several dialects. */
function keyOf(dialect: DialectName, name: QualifiedName): string {
  return `${dialect}\n${tableKey(name)}`;
}

/** Of two tables with one name the last counts, as for drizzle-kit. */
function lastOfEachName(records: readonly TableRecord[]): { readonly shown: readonly TableRecord[]; readonly hidden: readonly TableRecord[] } {
  const last = new Map<string, TableRecord>();
  for (const record of records) last.set(record.key, record);
  if (last.size === records.length) return { shown: records, hidden: [] };
  const isLast = (record: TableRecord): boolean => last.get(record.key) === record;
  return { shown: records.filter(isLast), hidden: records.filter((record) => !isLast(record)) };
}

function inOrder(records: readonly TableRecord[]): readonly TableRecord[] {
  const places = records.map((record) => ({ record, file: record.table.at?.file ?? "", start: record.table.at?.start ?? 0 }));
  return places.sort((a, b) => (a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1)).map(({ record }) => record);
}

function enumsOf(values: ReadonlySet<EnumValue>, memory: SchemaMemory): readonly EnumType[] {
  const enums: EnumType[] = [];
  for (const value of values) {
    let one = memory.enums.get(value);
    if (!one) {
      one = { name: { schema: value.schema ?? "public", name: value.name }, values: value.values, ...(value.unread !== undefined && { unread: true }), property: value.home?.name, at: rangeOfPlace(value.place) };
      memory.enums.set(value, one);
    }
    enums.push(one);
  }
  for (const value of memory.enums.keys()) if (!values.has(value)) memory.enums.delete(value);
  return enums;
}

/** By file and place, whatever was read first. */
function byPlace(problems: Problem[]): readonly Problem[] {
  const file = ({ at }: Problem) => at?.file ?? "";
  return problems.sort((a, b) => (file(a) < file(b) ? -1 : file(a) > file(b) ? 1 : (a.at?.start ?? 0) - (b.at?.start ?? 0) || (a.message < b.message ? -1 : 1)));
}

function dependencies(machine: Machine, entry: SchemaEntry): readonly string[] {
  const files = new Set<string>(entry.files);
  if (entry.config) files.add(entry.config);
  for (const [path, module] of machine.modules) if (module) files.add(path);
  for (const path of machine.resolver.reads) files.add(path);
  return [...files];
}
