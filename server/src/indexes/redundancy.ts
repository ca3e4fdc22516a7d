// Which indexes of one table another one makes superfluous, and by which kind of likeness. It compares the fields of
// definitions, never their text, and knows nothing of queries or sizes.
import type { Index, IndexKey, PrimaryKey, SchemaModel, Table, Unique } from "../model/schema";
import { uniqueNameOf } from "./default-name";
import { sameExpression } from "./expression-text";
import { nullOrder } from "./null-order";

export type Redundancy = SuperfluousIndex | SuperfluousUnique;

interface Superfluous {
  /** The first that fits, in this order. */
  readonly kind: "duplicate" | "equals-primary-key" | "on-unique" | "redundant";
  /** What stays and does its work. */
  readonly by: IndexLike;
}

export interface SuperfluousIndex extends Superfluous {
  readonly index: Index;
}

export interface SuperfluousUnique extends Superfluous {
  readonly unique: Unique;
}

export type IndexLike =
  | { readonly kind: "primary key"; readonly primaryKey: PrimaryKey }
  | { readonly kind: "unique"; readonly unique: Unique }
  | { readonly kind: "index"; readonly index: Index };

type Schema = Pick<SchemaModel, "dialect" | "source">;

interface Remembered extends Schema {
  readonly table: Table;
  readonly found: readonly Redundancy[];
}

/** Four rules ask of the same table, one after the other. */
let remembered: Remembered | undefined;

/** At most one entry for each index and unique constraint of the table; in the order of the code. */
export function redundancies(table: Table, schema: Schema): readonly Redundancy[] {
  if (remembered?.table === table && remembered.dialect === schema.dialect && remembered.source === schema.source) return remembered.found;
  const found = table.implicit || schema.dialect === "mongodb" ? none : find(table, schema);
  remembered = { table, dialect: schema.dialect, source: schema.source, found };
  return found;
}

/** An index, a unique constraint and a primary key in one form, with all defaults filled in. */
interface Definition {
  readonly of: IndexLike;
  readonly method: string;
  readonly keys: readonly Key[];
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly include: readonly string[];
  readonly index?: Index;
  /** A constraint's own index goes only with its constraint. */
  readonly constraint: boolean;
}

interface Key extends Pick<IndexKey, "column" | "expression" | "length"> {
  readonly ascending: boolean;
  readonly nullsFirst: boolean;
  readonly operatorClass: string;
  readonly collation: string;
}

function find(table: Table, schema: Schema): readonly Redundancy[] {
  const shared = sharedFirsts(table);
  if (shared.length === 0) return none;
  const definitions: Definition[] = [];
  // SQL Server's primary key is the table itself (clustered): an index on its columns is narrower and may be meant.
  if (table.primaryKey && shared.includes(table.primaryKey.columns[0] ?? "") && table.primaryKey.columns.length > 0 && schema.dialect !== "sqlserver") definitions.push(constraintDefinition({ kind: "primary key", primaryKey: table.primaryKey }, table.primaryKey.columns, table, schema));
  const made = new Set<string>();
  for (const unique of table.uniques) {
    if (!shared.includes(unique.columns[0] ?? "")) continue;
    // The same constraint under the same name, said of the column and of the table: the ORM makes it once.
    const identity = table.uniques.length === 1 ? "" : JSON.stringify([uniqueNameOf(unique, table, schema.source), unique.columns]);
    if (unique.columns.length > 0 && !made.has(identity)) definitions.push(constraintDefinition({ kind: "unique", unique }, unique.columns, table, schema));
    made.add(identity);
  }
  for (const index of table.indexes) if (shared.includes(index.keys[0]?.column ?? "") && index.valid !== false && index.keys.length > 0 && !belongsToConstraint(index, table)) definitions.push(definitionOfIndex(index, table, schema));

  // Two that serve each other share their first column, so that only such pairs are compared.
  const byFirst = new Map<string, Definition[]>();
  for (const definition of definitions) {
    const first = definition.keys[0]!.column ?? "";
    const group = byFirst.get(first);
    if (group) group.push(definition);
    else byFirst.set(first, [definition]);
  }
  const found = new Map<Definition, Redundancy>();
  for (const group of byFirst.values()) {
    if (group.length < 2) continue;
    const replaced = new Map(group.map((definition) => [definition, replacements(definition, group, table)]));
    for (const [definition, by] of replaced) {
      const nearest = judge(definition, by);
      if (!nearest) continue;
      // One that stays says more than one that another finding removes.
      const staying = judge(definition, by.filter((other) => replaced.get(other)!.length === 0));
      found.set(definition, staying?.kind === nearest.kind ? staying : nearest);
    }
  }
  if (found.size === 0) return none;
  const inOrder: Redundancy[] = [];
  for (const definition of definitions) {
    const one = found.get(definition);
    if (one) inOrder.push(one);
  }
  return inOrder;
}

/** The first columns of the table that is looked at. */
const firsts: string[] = [];

/** The first columns that several of a table's keys, uniques and indexes share: two that serve each other do, and most tables have no such pair. An expression has none. */
function sharedFirsts(table: Table): readonly string[] {
  const count = table.indexes.length + table.uniques.length + 1;
  if (count === 1) return none;
  let at = 0;
  for (const unique of table.uniques) firsts[at++] = unique.columns[0] ?? "";
  for (const index of table.indexes) firsts[at++] = index.keys[0]?.column ?? "";
  // Without a primary key nothing has that name, which no column can have.
  firsts[at] = table.primaryKey ? (table.primaryKey.columns[0] ?? "") : "\u0000";
  let shared: string[] | undefined;
  for (let one = 1; one < count; one++) {
    for (let before = 0; before < one; before++) {
      if (firsts[before] !== firsts[one]) continue;
      (shared ??= []).push(firsts[one]!);
      break;
    }
  }
  return shared ?? none;
}

const none: readonly never[] = [];

/** A database lists the index of a primary key or unique constraint beside the constraint: they are one. */
function belongsToConstraint(index: Index, table: Table): boolean {
  if (index.constraint === undefined || index.constraint === "exclusion") return false;
  const columns = index.keys.map((key) => key.column);
  return [table.primaryKey, ...table.uniques].some((each) => each?.columns.length === columns.length && each.columns.every((column, at) => column === columns[at]));
}

/** The others that could take its place, in the order of the code. */
function replacements(definition: Definition, group: readonly Definition[], table: Table): readonly Definition[] {
  if (definition.of.kind === "primary key" || definition.index?.constraint) return [];
  return group.filter((other) => other !== definition && servesDefinition(other, definition, table) && outlives(other, definition, group, table) && (definition.of.kind !== "unique" || kindOf(other, definition) === "duplicate"));
}

function judge(definition: Definition, by: readonly Definition[]): Redundancy | undefined {
  let best: { kind: Superfluous["kind"]; by: IndexLike } | undefined;
  for (const other of by) {
    const kind = kindOf(other, definition);
    if (!best || order.indexOf(kind) < order.indexOf(best.kind)) best = { kind, by: other.of };
  }
  if (!best) return undefined;
  switch (definition.of.kind) {
    case "primary key": return undefined;
    case "unique": return { ...best, unique: definition.of.unique };
    case "index": return { ...best, index: definition.of.index };
  }
}

const order: readonly Superfluous["kind"][] = ["duplicate", "equals-primary-key", "on-unique", "redundant"];

function kindOf(by: Definition, definition: Definition): Superfluous["kind"] {
  const sameKeys = by.keys.length === definition.keys.length;
  if (sameKeys && by.unique === definition.unique && by.include.length === definition.include.length && definition.keys.every((key, at) => sameDirection(key, by.keys[at]!))) return "duplicate";
  if (sameKeys && !definition.unique && by.of.kind === "primary key") return "equals-primary-key";
  if (sameKeys && !definition.unique && by.unique) return "on-unique";
  return "redundant";
}

/** Of two that serve each other one must stay: the constraint's, else the unique one, else the one that stands first in the code. */
function outlives(other: Definition, definition: Definition, group: readonly Definition[], table: Table): boolean {
  if (!servesDefinition(definition, other, table)) return true;
  const rank = (each: Definition) => (each.of.kind === "primary key" ? 4 : each.index?.constraint ? 3 : each.constraint ? 2 : each.unique ? 1 : 0);
  return rank(other) !== rank(definition) ? rank(other) > rank(definition) : group.indexOf(other) < group.indexOf(definition);
}

function servesDefinition(other: Definition, definition: Definition, table: Table): boolean {
  if (other.method !== definition.method) return false;
  if (definition.unique && !(other.unique && other.keys.length === definition.keys.length && other.nullsNotDistinct === definition.nullsNotDistinct)) return false;
  if (definition.keys.length > other.keys.length) return false;
  if (!sameExpression(other.index?.where, definition.index?.where, table.name.name)) return false;
  const { keys } = definition;
  if (!keys.every((key, at) => sameKey(key, other.keys[at]!, table))) return false;
  if (other.method !== "btree") {
    // Only a btree is read by its leading columns, backwards too; the parameters of other methods change what they find.
    if (keys.length !== other.keys.length || !keys.every((key, at) => sameDirection(key, other.keys[at]!)) || !sameParameters(definition.index?.with, other.index?.with)) return false;
  } else if (!keys.every((key, at) => sameDirection(key, other.keys[at]!)) && !keys.every((key, at) => reversed(key, other.keys[at]!))) return false;
  for (const column of definition.include) if (!other.include.includes(column) && !other.keys.some((key) => key.column === column)) return false;
  return true;
}

function sameKey(a: Key, b: Key, table: Table): boolean {
  if (a.column !== b.column || a.length !== b.length || a.operatorClass !== b.operatorClass || a.collation !== b.collation) return false;
  return a.column !== undefined || (a.expression !== undefined && sameExpression(a.expression, b.expression, table.name.name));
}

const sameDirection = (a: Key, b: Key) => a.ascending === b.ascending && a.nullsFirst === b.nullsFirst;
const reversed = (a: Key, b: Key) => a.ascending !== b.ascending && a.nullsFirst !== b.nullsFirst;

function sameParameters(a: Index["with"], b: Index["with"]): boolean {
  const [left, right] = [Object.entries(a ?? {}), Object.entries(b ?? {})];
  return left.length === right.length && left.every(([name, value]) => b![name] === value);
}

function constraintDefinition(of: Exclude<IndexLike, { kind: "index" }>, columns: readonly string[], table: Table, schema: Schema): Definition {
  const keys = columns.map((column) => keyOf({ column, order: "asc" }, "btree", table, schema));
  return { of, method: "btree", keys, unique: true, nullsNotDistinct: of.kind === "unique" && of.unique.nullsNotDistinct === true, include: none, constraint: true };
}

function definitionOfIndex(index: Index, table: Table, schema: Schema): Definition {
  const keys = index.keys.map((key) => keyOf(key, index.method, table, schema));
  return { of: { kind: "index", index }, method: index.method, keys, unique: index.unique, nullsNotDistinct: index.nullsNotDistinct === true, include: index.include, index, constraint: index.constraint !== undefined };
}

function keyOf(key: IndexKey, method: string, table: Table, { dialect }: Schema): Key {
  const column = key.column === undefined ? undefined : table.columns.find((each) => each.name === key.column);
  const ascending = key.order === "asc";
  return {
    column: key.column, expression: key.expression, length: key.length, ascending,
    nullsFirst: nullOrder(key, dialect) === "first",
    operatorClass: key.operatorClass === undefined || isDefaultClass(key.operatorClass, method, column?.type.name) ? "" : key.operatorClass.toLowerCase(),
    collation: collationOf(key.collation ?? column?.collation),
  };
}

const collationOf = (name: string | undefined) => {
  if (name === undefined) return "";
  const bare = name.replace(/^"?pg_catalog"?\./, "").replaceAll('"', "");
  return bare === "default" ? "" : bare;
};

/** PostgreSQL's default btree operator classes (pg_opclass, opcdefault), which introspection writes out. */
const defaultClasses: Readonly<Record<string, readonly string[]>> = {
  "text": ["text_ops"], "character varying": ["text_ops", "varchar_ops"], "character": ["bpchar_ops"], "uuid": ["uuid_ops"], "boolean": ["bool_ops"],
  "smallint": ["int2_ops"], "integer": ["int4_ops"], "bigint": ["int8_ops"], "numeric": ["numeric_ops"], "real": ["float4_ops"], "double precision": ["float8_ops"],
  "date": ["date_ops"], "timestamp without time zone": ["timestamp_ops"], "timestamp with time zone": ["timestamptz_ops"], "time without time zone": ["time_ops"], "bytea": ["bytea_ops"], "jsonb": ["jsonb_ops"], "inet": ["inet_ops"],
};

function isDefaultClass(operatorClass: string, method: string, type: string | undefined): boolean {
  if (type === undefined) return false;
  if (method === "gin") return type === "jsonb" ? operatorClass === "jsonb_ops" : type.endsWith("[]") && operatorClass === "array_ops";
  if (method !== "btree" && method !== "hash") return false;
  return defaultClasses[type.replace(/\(\d+(,\s*\d+)?\)/, "")]?.includes(operatorClass) ?? false;
}
