// Differences of a database that may be mere spellings: what PostgreSQL is asked about them, and the database's model in
// the code's words where it says that both are one. It asks nobody itself.
import type { Change } from "../../model/change";
import { expressionKey, type PrintedExpressions, type TableExpression, type TableQuestions } from "../../model/printed";
import type { Expression, Index, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { compare } from "../compare";
import { isComputed } from "../generation";
import { modelSeenBy } from "../searched-schema";

/** What is to be printed before `code` and `database` can be told apart for sure; empty where nothing is in doubt or everything `printed`. */
export function spellingQuestions(code: SchemaModel, database: SchemaModel, printed: PrintedExpressions): readonly TableQuestions[] {
  if (code.dialect !== "postgresql" && code.dialect !== "cockroachdb") return [];
  return [...doubtsOf(code, modelSeenBy(code, database))].flatMap(([table, doubts]) => {
    const open = new Map<string, TableExpression>();
    for (const { as, own, other } of doubts) {
      for (const { sql } of [own, other]) {
        const expression = { ...as, sql } as TableExpression;
        const key = expressionKey(table, expression);
        if (!printed.has(key)) open.set(key, expression);
      }
    }
    return open.size === 0 ? [] : [{ table, expressions: [...open.values()] }];
  });
}

/** `read`, a database, with the code's spelling of every expression that PostgreSQL prints alike; the same object where there is none, and the same tables where nothing changed. */
export function inSpellingOf(code: SchemaModel, read: SchemaModel, printed: PrintedExpressions | undefined): SchemaModel {
  if (!printed || printed.size === 0) return read;
  const database = modelSeenBy(code, read);
  const replaced = new Map<Table, Table>();
  for (const [table, doubts] of doubtsOf(code, database)) {
    const answer = ({ as }: Doubt, { sql }: Expression): string | null | undefined => printed.get(expressionKey(table, { ...as, sql } as TableExpression));
    const same = doubts.filter((doubt) => typeof answer(doubt, doubt.own) === "string" && answer(doubt, doubt.own) === answer(doubt, doubt.other));
    if (same.length > 0) replaced.set(table, respelled(table, same));
  }
  return replaced.size === 0 ? read : { ...database, tables: database.tables.map((table) => replaced.get(table) ?? table) };
}

/** Two expressions of one place that may be the same. */
interface Doubt {
  readonly as: { readonly kind: "default" | "generated"; readonly column: string } | { readonly kind: "check" | "predicate" | "key" };
  readonly own: Expression;
  readonly other: Expression;
}

function doubtsOf(code: SchemaModel, database: SchemaModel): ReadonlyMap<Table, readonly Doubt[]> {
  const tables = new Map(database.tables.map((table) => [tableKey(table.name), table]));
  const byTable = new Map<Table, Change[]>();
  for (const change of compare(code, database)) {
    if (change.kind === "rename-table") tables.set(tableKey(change.from), tables.get(tableKey(change.to))!);
    const table = "table" in change && "schema" in change.table ? tables.get(tableKey(change.table)) : undefined;
    if (table) byTable.set(table, [...(byTable.get(table) ?? []), change]);
  }
  const found = new Map<Table, readonly Doubt[]>();
  for (const [table, changes] of byTable) {
    const doubts = doubtsIn(changes).filter(({ own, other }) => own.complete && other.complete);
    if (doubts.length > 0) found.set(table, doubts);
  }
  return found;
}

function doubtsIn(changes: readonly Change[]): readonly Doubt[] {
  const renamed = new Map(changes.flatMap((change) => (change.kind === "rename-column" ? [[change.from, change.to] as const] : [])));
  const doubts: Doubt[] = [];
  for (const change of changes) {
    switch (change.kind) {
      case "alter-column-default":
        if (change.from && change.to) doubts.push({ as: { kind: "default", column: renamed.get(change.column) ?? change.column }, own: change.from, other: change.to });
        break;
      case "alter-column-generation":
        if (isComputed(change.from) && change.from.generated === change.to.generated && change.from.default && change.to.default) doubts.push({ as: { kind: "generated", column: change.to.name }, own: change.from.default, other: change.to.default });
        break;
      case "alter-index":
        doubts.push(...indexDoubts(change.from, change.to));
        break;
      // Nothing but its expression tells a check from another, and an index without a name from another.
      case "drop-check":
        for (const other of changes) if (other.kind === "add-check") doubts.push({ as: { kind: "check" }, own: change.check.expression, other: other.check.expression });
        break;
      case "drop-index":
        for (const other of changes) if (other.kind === "add-index") doubts.push(...indexDoubts(change.index, other.index));
        break;
      default:
    }
  }
  return doubts;
}

function indexDoubts(own: Index, other: Index): readonly Doubt[] {
  if (own.keys.length !== other.keys.length) return [];
  const pairs = [...own.keys.map((key, at) => ({ kind: "key" as const, own: key.expression, other: other.keys[at]!.expression })), { kind: "predicate" as const, own: own.where, other: other.where }];
  return pairs.flatMap(({ kind, own: one, other: two }) => (one && two && one.sql !== two.sql ? [{ as: { kind }, own: one, other: two }] : []));
}

/** What was respelled last of a table: the same replacements give the same object. */
const known = new WeakMap<Table, { readonly key: string; readonly table: Table }>();

function respelled(table: Table, doubts: readonly Doubt[]): Table {
  const key = JSON.stringify(doubts.map(({ as, own, other }) => [as, own.sql, other.sql]));
  const last = known.get(table);
  if (last?.key === key) return last.table;
  const words = (kind: Doubt["as"]["kind"], expression: Expression | undefined, column?: string): Expression | undefined =>
    expression && (doubts.find(({ as, other }) => as.kind === kind && other.sql === expression.sql && ("column" in as ? as.column : undefined) === column)?.own ?? expression);
  const result: Table = {
    ...table,
    columns: table.columns.map((column) => ({ ...column, ...(column.default && { default: words(isComputed(column) ? "generated" : "default", column.default, column.name)! }) })),
    checks: table.checks.map((check) => ({ ...check, expression: words("check", check.expression)! })),
    indexes: table.indexes.map((index) => ({
      ...index,
      keys: index.keys.map((one) => ({ ...one, ...(one.expression && { expression: words("key", one.expression)! }) })),
      ...(index.where && { where: words("predicate", index.where)! }),
    })),
  };
  known.set(table, { key, table: result });
  return result;
}
