// What the rules about indexes say alike: how an index is written in a message, where its squiggle goes. It judges nothing.
import { indexNameOf, uniqueNameOf } from "../indexes/default-name";
import type { IndexLike } from "../indexes/redundancy";
import type { Change } from "../model/change";
import type { Fix } from "../model/finding";
import type { Index, SchemaModel, SourceRange, Table, Unique } from "../model/schema";
import { columnPlace } from "./foreign-keys";

/** `the index orders_client_id_idx`; without a name, where the code gives none and the ORM's own would not help to find it. */
export function indexLabel(index: Index): string {
  const kind = index.unique ? "unique index" : "index";
  return index.name === undefined ? `${kind} on ${keyList(index)}` : `${kind} ${index.name}`;
}

/** `client_id, created_at desc, lower("name")`. */
export function keyList(index: Index): string {
  return index.keys.map((key) => `${key.column ?? oneLine(key.expression?.sql ?? "?")}${key.order === "desc" ? " desc" : ""}`).join(", ");
}

/** Columns of the keys, expressions left out. */
export function keyColumns(index: Index): readonly string[] {
  const columns: string[] = [];
  for (const { column } of index.keys) if (column !== undefined) columns.push(column);
  return columns;
}

/** `the primary key`, `the unique constraint on email`, `the index orders_client_id_idx (client_id, created_at)`. */
export function likeLabel(like: IndexLike): string {
  switch (like.kind) {
    case "primary key": return `the primary key (${like.primaryKey.columns.join(", ")})`;
    case "unique": return `the unique constraint on ${like.unique.columns.join(", ")}`;
    case "index": return like.index.name === undefined ? `the ${indexLabel(like.index)}` : `the ${indexLabel(like.index)} (${keyList(like.index)})`;
  }
}

export function likePlace(like: IndexLike): SourceRange | undefined {
  switch (like.kind) {
    case "primary key": return like.primaryKey.at;
    case "unique": return like.unique.at;
    case "index": return like.index.at;
  }
}

/** Where the squiggle of an index or a unique constraint goes: its declaration, else its first column, else the table. */
export function indexPlace(index: Index | Unique, table: Table): SourceRange | undefined {
  return index.at ?? columnPlace("keys" in index ? index.keys[0]?.column : index.columns[0], table);
}

/** Every index that the code declares, unique constraints included, by its name in the database. */
export function namedIndexes(table: Table, { source, dialect }: Pick<SchemaModel, "source" | "dialect">): readonly NamedIndex[] {
  const named: NamedIndex[] = [];
  for (const unique of table.uniques) named.push({ name: uniqueNameOf(unique, table, source, dialect), given: unique.name !== undefined, columns: unique.columns, of: { kind: "unique", unique } });
  for (const index of table.indexes) named.push({ name: indexNameOf(index, table, source, dialect), given: index.name !== undefined, columns: keyColumns(index), of: { kind: "index", index } });
  return named;
}

export interface NamedIndex {
  readonly name: string;
  /** The code gives the name; else the ORM does. */
  readonly given: boolean;
  readonly columns: readonly string[];
  readonly of: Exclude<IndexLike, { kind: "primary key" }>;
}

/** The fix that gives an index or a unique constraint another name. */
export function renameFix(of: Exclude<IndexLike, { kind: "primary key" }>, to: string, table: Table, title: string): Fix {
  // A unique constraint has no change of its own for its name: it goes and comes back.
  const changes: readonly Change[] = of.kind === "index"
    ? [{ kind: "rename-index", table: table.name, index: of.index, to }]
    : [{ kind: "drop-unique", table: table.name, unique: of.unique }, { kind: "add-unique", table: table.name, unique: { ...of.unique, at: undefined, name: to } }];
  return { title, changes, preferred: true };
}

const oneLine = (sql: string) => sql.replace(/\s+/g, " ").trim();
