// The difference between what stands and what is wanted, as changes of what stands. Renames are left to renames.ts: here a
// missing and an extra column are two.
import { compare } from "../../compare/compare";
import { inverse, type Change } from "../../model/change";
import type { EnumType, Index, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { declaredChanges } from "./declared";
import { isOrderAsked, isReordered } from "./enum-order";
import { withoutInherited } from "./inherited";
import { asIndex } from "./names";
import type { OwnersRecord } from "./owners-record";
import { policyChanges } from "./policies";
import { countsBy, sequenceChanges } from "./sequences";
import { viewChanges } from "./views";

/** What makes `before` like `after`. Of a database, only what the code of `after` would know is dropped: of what stands beside tables that which is in `record`, of the schemas those that the code has declared (`before.schemas`). */
export function differences(before: SchemaModel, after: SchemaModel, record: OwnersRecord = {}): readonly Change[] {
  // Comparing leaves alone what the code says nothing of, where the database is on the right.
  const compared = before.source !== "database" ? compare(before, after, { exact: true }) : compare(after, before, { exact: true, schemas: before.schemas ?? [] }).map((change) => standing(inverse(change), before));
  const [had, has] = [before, after].map(({ tables }) => new Map(tables.map((table) => [tableKey(table.name), table])));
  return withoutInherited([...compared.filter((change) => !isThere(change, had!, has!)), ...passedOver(before, after, has!, record.enums ?? []), ...sequenceChanges(before, after, record.sequences), ...policyChanges(before, after, record.rowSecurity), ...viewChanges(before, after, record.views), ...declaredChanges(before, after)], had!, has!);
}

type Tables = ReadonlyMap<string, Table>;

/** Comparing takes what restates the primary key for nothing, on the one side that has that key: it stands there all the same. */
function isThere(change: Change, had: Tables, has: Tables): boolean {
  if (change.kind !== "add-unique" && change.kind !== "drop-unique") return false;
  const other = (change.kind === "add-unique" ? had : has).get(tableKey(change.table));
  return other?.uniques.some(({ columns, nullsNotDistinct }) => columns.join("\0") === change.unique.columns.join("\0") && !!nullsNotDistinct === !!change.unique.nullsNotDistinct) ?? false;
}

/** What comparing takes for no difference worth a word, and the owner's tool does: the snapshot beside the migration will say that it is made. */
function passedOver(before: SchemaModel, after: SchemaModel, has: Tables, recorded: readonly EnumType[]): readonly Change[] {
  if (after.dialect !== "postgresql" || before.source === "prisma" || after.source === "prisma") return [];
  const enums = new Map(after.enums.map((type) => [tableKey(type.name), type]));
  return [
    ...before.enums.flatMap((type): readonly Change[] => {
      const to = enums.get(tableKey(type.name))?.values;
      if (to?.length !== type.values.length || !to.every((value) => type.values.includes(value)) || !isReordered(type.values, to)) return [];
      return isOrderAsked({ name: type.name, to }, after.source, recorded) ? [{ kind: "alter-enum", name: type.name, from: type.values, to }] : [];
    }),
    ...before.tables.flatMap((table): readonly Change[] => {
      const other = has.get(tableKey(table.name));
      if (!other || table.partitionOf) return [];
      return [
        ...(after.source === "drizzle" ? [] : table.foreignKeys.flatMap((foreignKey): readonly Change[] => {
          const to = other.foreignKeys.find((key) => key.name === foreignKey.name && key.deferrable !== foreignKey.deferrable && JSON.stringify([key.columns, key.references, key.onDelete, key.onUpdate]) === JSON.stringify([foreignKey.columns, foreignKey.references, foreignKey.onDelete, foreignKey.onUpdate]));
          return to ? [{ kind: "drop-foreign-key", table: table.name, foreignKey }, { kind: "add-foreign-key", table: table.name, foreignKey: to }] : [];
        })),
        ...table.indexes.flatMap((index): readonly Change[] => {
          const to = other.indexes.find(({ name }) => name !== undefined && name === index.name);
          return to && index.constraint === undefined && shape(index) === shape(to) && parameters(index) !== parameters(to) ? [{ kind: "alter-index", table: table.name, from: index, to }] : [];
        }),
      ];
    }),
  ];
}

function parameters({ with: given }: Index): string {
  return JSON.stringify(Object.entries(given ?? {}).map(([name, value]) => [name, /^(on|true)$/i.test(value) ? "true" : /^(off|false)$/i.test(value) ? "false" : value]).sort());
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

/** Of `changes`, those of the tables that `wanted` names, with the types that these have and the sequences that they count by. */
export function onlyOf<One extends Change>(changes: readonly One[], wanted: (table: QualifiedName) => boolean, models: readonly SchemaModel[]): readonly One[] {
  const columns = models.flatMap(({ tables }) => tables.filter(({ name }) => wanted(name)).flatMap((table) => table.columns));
  const types = new Set(columns.flatMap(({ type }) => (type.enum ? [tableKey(type.enum)] : [])));
  const defaults = columns.flatMap((column) => column.default?.sql ?? []);
  return changes.filter((change) => {
    switch (change.kind) {
      case "add-table":
      case "drop-table": return wanted(change.table.name);
      case "rename-schema": return models.some(({ tables }) => tables.some(({ name }) => (name.schema === change.from || name.schema === change.to) && wanted(name)));
      case "rename-table": return wanted(change.from) || wanted(change.to);
      case "add-enum":
      case "drop-enum": return types.has(tableKey(change.enum.name));
      case "alter-enum":
      case "rename-enum-value": return types.has(tableKey(change.name));
      case "add-sequence":
      case "drop-sequence": return defaults.some((sql) => countsBy(sql, change.sequence.name));
      case "alter-sequence": return defaults.some((sql) => countsBy(sql, change.to.name));
      case "rename-enum": return types.has(tableKey(change.from)) || types.has(tableKey(change.to));
      case "rename-sequence": return defaults.some((sql) => countsBy(sql, change.from) || countsBy(sql, change.to));
      case "add-schema": return models.some(({ tables }) => tables.some(({ name }) => name.schema === change.schema && wanted(name)));
      // They concern everything.
      case "drop-schema":
      case "add-role":
      case "drop-role":
      case "alter-role":
      case "rename-role": return false;
      // What they read is not known for sure.
      case "add-view":
      case "drop-view":
      case "rename-view":
      case "alter-view": return false;
      default: return wanted(change.table);
    }
  });
}
