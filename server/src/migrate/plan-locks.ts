// Which tables a statement locks, those included that it does not name and the database alone knows: the table of an
// index, the tables at the other end of foreign keys. Where the schema is not known, they are said in words.
import { createTableFinder } from "../compare/table-finder";
import type { FurtherTables, LockMode, StatementEffect } from "../model/migration";
import type { QualifiedName, SchemaModel } from "../model/schema";
import { sameTable } from "../model/table-key";

export interface PlannedLock {
  /** "orders", "sales.orders"; in words where nobody knows: "tables that depend on it". */
  readonly name: string;
  readonly table?: QualifiedName;
  readonly mode: LockMode;
  /** The statement itself names it. */
  readonly named: boolean;
}

/** In the order in which the statement says them; a table may come twice. */
export function locksOf(effect: StatementEffect, schema: Pick<SchemaModel, "tables"> | undefined): readonly PlannedLock[] {
  const named = effect.locks.map(({ table, mode }): PlannedLock => ({ name: nameOf(table), table, mode, named: true }));
  const others = (effect.further ?? []).flatMap(({ of, mode }): readonly PlannedLock[] => {
    const tables = schema && tablesOf(of, effect, schema);
    return tables === undefined ? [{ name: of, mode, named: false }] : tables.map((table) => ({ name: nameOf(table), table, mode, named: false }));
  });
  return [...named, ...others];
}

/** Undefined where a schema does not say. */
function tablesOf(of: FurtherTables, { index, locks }: StatementEffect, { tables }: Pick<SchemaModel, "tables">): readonly QualifiedName[] | undefined {
  const find = createTableFinder(tables);
  switch (of) {
    case "the index's table": {
      const owner = tables.find((table) => table.indexes.some(({ name }) => name !== undefined && name === index?.name) && (index?.schema ?? table.name.schema) === table.name.schema);
      return owner && [owner.name];
    }
    case "tables that its foreign keys refer to": return locks.flatMap(({ table }) => find(table)?.foreignKeys.map(({ references }) => references.table) ?? []);
    case "tables that refer to it": return tables.filter(({ foreignKeys }) => foreignKeys.some(({ references }) => locks.some(({ table }) => sameTable(table, references.table)))).map(({ name }) => name);
    case "tables that depend on it":
    case "tables with columns of the type": return undefined;
  }
}

export function nameOf({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? name : `${schema}.${name}`;
}
