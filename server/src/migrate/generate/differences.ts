// The difference between what stands and what is wanted, as changes of what stands. Renames are left to renames.ts: here a
// missing and an extra column are two.
import { compare } from "../../compare/compare";
import { inverse, type Change } from "../../model/change";
import type { Index, QualifiedName, SchemaModel } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { asIndex } from "./names";

/** What makes `before` like `after`. Of a database, only what the code of `after` would know is dropped. */
export function differences(before: SchemaModel, after: SchemaModel): readonly Change[] {
  if (before.source !== "database" || after.source === "database") return compare(before, after, { renames: "ignored" });
  // Comparing leaves alone what the code says nothing of, where the database is on the right.
  return compare(after, before, { renames: "ignored" }).map((change) => standing(inverse(change), before));
}

/** With an altered index as the database has it: comparing gives it the name that it has in the code. */
function standing(change: Change, before: SchemaModel): Change {
  if (change.kind !== "alter-index") return change;
  const table = before.tables.find(({ name }) => sameTable(name, change.table));
  const known = table ? [...table.uniques.map(asIndex), ...table.indexes.filter(({ constraint }) => constraint === undefined)] : [];
  const from = known.filter((index) => shape(index) === shape(change.from));
  return { ...change, from: from.find(({ name }) => name === change.from.name) ?? from[0] ?? change.from };
}

function shape({ method, unique, keys, include, where, nullsNotDistinct }: Index): string {
  return JSON.stringify([method, unique, keys.map(({ column, expression, order }) => [column, expression?.sql, order]), include, where?.sql, !!nullsNotDistinct]);
}

/** Of `changes`, those of the tables that `wanted` names, with the types that these have. */
export function onlyOf(changes: readonly Change[], wanted: (table: QualifiedName) => boolean, models: readonly SchemaModel[]): readonly Change[] {
  const types = new Set(models.flatMap(({ tables }) => tables.filter(({ name }) => wanted(name)).flatMap(({ columns }) => columns.flatMap(({ type }) => (type.enum ? [tableKey(type.enum)] : [])))));
  return changes.filter((change) => {
    switch (change.kind) {
      case "add-table":
      case "drop-table": return wanted(change.table.name);
      case "rename-table": return wanted(change.from) || wanted(change.to);
      case "add-enum":
      case "drop-enum": return types.has(tableKey(change.enum.name));
      case "alter-enum": return types.has(tableKey(change.name));
      default: return wanted(change.table);
    }
  });
}
