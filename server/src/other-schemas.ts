// What a database of several projects holds beside one schema's own: the tables that the workspace's other schemas declare.
// They are none of that schema's, so it neither misses them nor drops them.
import { findPairs } from "./compare/pairs";
import type { QualifiedName, SchemaModel } from "./model/schema";
import { tableKey } from "./model/table-key";

/** Names that only other schemas among `models` declare, and the tables in which their migrations are recorded. A schema that is paired with `model` describes the same tables, and is none of them. */
export function declaredElsewhere(model: SchemaModel, models: readonly SchemaModel[], pairs: Parameters<typeof findPairs>[1]): readonly QualifiedName[] {
  if (models.length < 2) return [];
  const partners = findPairs(models, pairs).filter((pair) => pair.includes(model)).flat();
  const own = new Set(namesOf(model).map(tableKey));
  return models.filter((one) => one !== model && !partners.includes(one)).flatMap((one) => namesOf(one).filter((name) => !own.has(tableKey(name))));
}

/** A database without what `elsewhere` names: the same object where it holds nothing of that, and for the same database and names always the same. */
export function withoutOthers(database: SchemaModel, elsewhere: readonly QualifiedName[]): SchemaModel {
  const keys = new Set(elsewhere.map(tableKey));
  const found = namesOf(database).map(tableKey).filter((key) => keys.has(key));
  if (found.length === 0) return database;
  let known = remembered.get(database);
  if (!known) remembered.set(database, (known = new Map()));
  const id = found.join("\n");
  let without = known.get(id);
  if (!without) known.set(id, (without = leftOut(database, new Set(found))));
  return without;
}

const remembered = new WeakMap<SchemaModel, Map<string, SchemaModel>>();

function leftOut(database: SchemaModel, keys: ReadonlySet<string>): SchemaModel {
  const kept = <One extends { readonly name: QualifiedName }>(list: readonly One[]): readonly One[] => list.filter(({ name }) => !keys.has(tableKey(name)));
  const { tables, enums, sequences, views } = database;
  return { ...database, tables: kept(tables), enums: kept(enums), ...(sequences && { sequences: kept(sequences) }), ...(views && { views: kept(views) }) };
}

function namesOf({ tables, enums, sequences = [], views = [], migrationsTable }: SchemaModel): readonly QualifiedName[] {
  return [...[...tables, ...enums, ...sequences, ...views].map(({ name }) => name), ...(migrationsTable ? [migrationsTable] : [])];
}
