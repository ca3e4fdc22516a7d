// Indexes and unique constraints of one table on both sides. A unique index and a unique constraint are one and the same here,
// and an index that the other language has no words for is no difference. Nor is what changes nothing for rows, unless the
// owner's tool would tell it.
import { indexNameOf } from "../indexes/default-name";
import { keyOfSql } from "../indexes/key-of-sql";
import { storedName } from "../indexes/name-length";
import { nullOrder } from "../indexes/null-order";
import type { Change } from "../model/change";
import type { DialectName, Index, IndexKey, Table, Unique } from "../model/schema";
import type { Expressible, Sides } from "./expressible";
import { sameInDialect } from "./expressions/same-meaning";
import { sameOperatorClass } from "./operator-class";

/** An index, or a unique constraint seen as one. */
interface Entry {
  readonly index: Index;
  readonly unique?: Unique;
}

export function compareIndexes(from: Table, to: Table, sides: Sides): Change[] {
  const before = entries(from, sides.from.dialect, areAllTold(sides));
  const after = entries(to, sides.to.dialect, areAllTold(sides));
  const pairs = pairUp(before, after, from, to, sides);
  const matched = new Set(pairs.values());
  const changes: Change[] = [];
  const table = from.name;
  for (const entry of before) {
    const other = pairs.get(entry);
    if (other) changes.push(...compareEntries(entry, other, from, sides));
    else if (to.complete && sides.toSays.index(entry.index) && !comesWithForeignKey(entry, from, sides)) changes.push(entry.unique ? { kind: "drop-unique", table, unique: entry.unique } : { kind: "drop-index", table, index: entry.index });
  }
  for (const entry of after) {
    if (matched.has(entry) || !from.complete || !sides.fromSays.index(entry.index) || comesWithForeignKey(entry, to, sides)) continue;
    changes.push(entry.unique ? { kind: "add-unique", table, unique: entry.unique } : { kind: "add-index", table, index: entry.index });
  }
  return changes;
}

/** Also indexes that are unique over the primary key, say a constraint again, or have the same columns in another order. Constraints that do, PostgreSQL makes one with the first when it makes the table. */
function areAllTold({ exact, fromSays, toSays }: Sides): boolean {
  return exact && fromSays.uniqueIndexes && toSays.uniqueIndexes;
}

function entries(table: Table, dialect: DialectName, all: boolean): Entry[] {
  const distinct = new Map(table.uniques.map((unique) => [[...unique.columns].sort().join("\0"), unique]));
  const made = [...distinct.values()].map((unique): Entry => ({
    unique,
    index: { ...(unique.name === undefined ? {} : { name: unique.name }), method: "btree", unique: true, include: [], keys: unique.columns.map((column) => ({ column, order: "asc" })), ...(unique.nullsNotDistinct ? { nullsNotDistinct: true } : {}), ...(unique.at ? { at: unique.at } : {}) },
  }));
  const others = table.indexes.filter((index) => index.constraint === undefined).map((index) => withKeysRead(index, dialect));
  const constraints = made.filter(({ index }) => !restatesPrimaryKey(index, table));
  if (all) return [...constraints, ...others.map((index): Entry => ({ index }))];
  const seen = new Set(made.map(({ index }) => shape(index)));
  // The same uniqueness said twice (`.unique()` beside a unique index, or a second constraint) is one.
  const isSaid = (index: Index): boolean => index.unique && !index.where && !isNew(shape(index), seen);
  return [...constraints, ...others.filter((index) => !isSaid(index) && !restatesPrimaryKey(index, table)).map((index): Entry => ({ index }))];
}

/** Pairs by everything, then by name, then by columns: what pairs last differs most. Each pass goes through both sides once. */
function pairUp(before: readonly Entry[], after: readonly Entry[], from: Table, to: Table, sides: Sides): Map<Entry, Entry> {
  const pairs = new Map<Entry, Entry>();
  const taken = new Set<Entry>();
  const pass = (keyOf: (entry: Entry, side: "from" | "to") => string | undefined): void => {
    const open = new Map<string, Entry[]>();
    for (const entry of after) {
      const key = taken.has(entry) ? undefined : keyOf(entry, "to");
      if (key !== undefined) open.set(key, [...(open.get(key) ?? []), entry]);
    }
    for (const entry of before) {
      const key = pairs.has(entry) ? undefined : keyOf(entry, "from");
      const other = key === undefined ? undefined : open.get(key)?.shift();
      if (!other) continue;
      pairs.set(entry, other);
      taken.add(other);
    }
  };
  const name = (entry: Entry, side: "from" | "to"): string => indexNameOf(entry.index, side === "from" ? from : to, sides[side].source, sides[side].dialect);
  pass((entry, side) => `${name(entry, side)} ${shape(entry.index)} ${entry.index.method} ${entry.index.where?.sql ?? ""}`);
  pass((entry) => `${shape(entry.index)} ${entry.index.method} ${entry.index.where?.sql ?? ""}`);
  pass((entry, side) => (entry.index.name === undefined ? undefined : name(entry, side)));
  pass((entry) => `${shape(entry.index)} ${entry.index.method}`);
  pass((entry) => (entry.index.unique ? `unique ${columns(entry.index).sort().join("\0")}` : undefined));
  pass((entry) => columns(entry.index).join("\0"));
  return pairs;
}

function compareEntries(from: Entry, to: Entry, table: Table, sides: Sides): Change[] {
  const [a, b] = [from.index, to.index];
  if (!sameIndex(from, to, table, sides) || !sameNulls(from, to, sides)) return [{ kind: "alter-index", table: table.name, from: a, to: { ...b, ...(a.name === undefined ? {} : { name: a.name }) } }];
  // Constraints are named by each ORM in its own way; an index is dropped and made anew by its name.
  if (from.unique || to.unique || a.name === undefined || b.name === undefined || storedName(a.name, sides.from.dialect) === storedName(b.name, sides.to.dialect)) return [];
  return [{ kind: "rename-index", table: table.name, index: a, to: b.name }];
}

/** Whether NULLs are equal counts where each side could say it of what it has there, a constraint or an index. */
function sameNulls(from: Entry, to: Entry, { fromSays, toSays }: Sides): boolean {
  const says = ({ nullsNotDistinct }: Expressible, { unique }: Entry): boolean => (unique ? nullsNotDistinct.constraint : nullsNotDistinct.index);
  return !says(fromSays, from) || !says(toSays, to) || !!from.index.nullsNotDistinct === !!to.index.nullsNotDistinct;
}

function sameIndex({ index: a, unique: constraint }: Entry, { index: b, unique: otherConstraint }: Entry, table: Table, sides: Sides): boolean {
  const { fromSays, toSays } = sides;
  const both = (what: "predicates" | "nullsOrder" | "includes"): boolean => fromSays[what] && toSays[what];
  if (a.unique !== b.unique || a.method !== b.method || a.keys.length !== b.keys.length) return false;
  if (both("predicates") && !sameInDialect(a.where, b.where, table, sides.from.dialect) && a.where?.complete !== false && b.where?.complete !== false) return false;
  if (both("includes") && [...a.include].sort().join("\0") !== [...b.include].sort().join("\0")) return false;
  // The order of columns says nothing about uniqueness, and a unique constraint cannot choose directions.
  const isFree = !areAllTold(sides) || constraint !== undefined || otherConstraint !== undefined;
  if (a.unique && isFree && [...columns(a)].sort().join("\0") === [...columns(b)].sort().join("\0")) return true;
  return a.keys.every((key, index) => sameKey(key, b.keys[index]!, table, sides) && (!both("nullsOrder") || nullOrder(key, sides.from.dialect) === nullOrder(b.keys[index]!, sides.to.dialect)));
}

function sameKey(a: IndexKey, b: IndexKey, table: Table, { from, to }: Sides): boolean {
  // What could not be read may be the same.
  if (a.expression?.complete === false || b.expression?.complete === false) return true;
  if (a.column !== b.column || a.order !== b.order) return false;
  if (a.column === undefined && !sameInDialect(a.expression, b.expression, table, from.dialect)) return false;
  return sameOperatorClass(a, b, from.source === "database" || to.source === "database");
}

/** Remembers the text. */
function isNew(text: string, seen: Set<string>): boolean {
  return !seen.has(text) && seen.add(text).size > 0;
}

/** Keys that the code writes as SQL although they are columns, as columns. */
function withKeysRead(index: Index, dialect: DialectName): Index {
  return index.keys.some(({ expression }) => expression?.complete) ? { ...index, keys: index.keys.map((key) => keyRead(key, dialect)) } : index;
}

/** An ORM's tool says where NULLs are for the orders that it writes itself; in SQL it is the database's default. */
function keyRead(key: IndexKey, dialect: DialectName): IndexKey {
  const read = keyOfSql(key);
  return read !== key && read.order === "desc" ? { ...read, nulls: nullOrder(read, dialect) } : read;
}

function shape(index: Index): string {
  return `${index.unique ? "unique " : ""}${index.keys.map((key) => `${key.column ?? `(${key.expression?.sql})`}${key.order === "desc" ? " desc" : ""}`).join("\0")}`;
}

function columns(index: Index): string[] {
  return index.keys.map((key) => key.column ?? `(${key.expression?.sql})`);
}

/** A unique constraint over exactly the primary key adds nothing, so it is no difference that one side has it. */
function restatesPrimaryKey(index: Index, table: Table): boolean {
  return index.unique && !index.where && table.primaryKey !== undefined && [...columns(index)].sort().join("\0") === [...table.primaryKey.columns].sort().join("\0");
}

/** InnoDB makes an index for each foreign key itself (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html), so one side may leave it out. */
function comesWithForeignKey({ index }: Entry, table: Table, { from }: Sides): boolean {
  return from.dialect === "mysql" && !index.unique && table.foreignKeys.some((foreignKey) => foreignKey.enforced && foreignKey.columns.join("\0") === columns(index).join("\0"));
}
