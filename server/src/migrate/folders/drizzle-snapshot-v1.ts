// The snapshots that drizzle-kit 1.0 keeps: the folder's first migration has the whole schema as a list of entities, every
// later one what it changes of them. Footprints, by which `drizzle-kit check` tells whether two branches are in each
// other's way, are left empty: a migration of Plumbline's is in nobody's.
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import type { Column, Expression, Index, SchemaModel, Table } from "../../model/schema";
import { sequenceOptions } from "../../model/sequence";
import { tableKey } from "../../model/table-key";
import { recordedType } from "../../sources/drizzle/recorded";
import { originId, type Json } from "./drizzle-snapshot-v0";
import { schemaStatements } from "./drizzle-schemas";
import { FolderError } from "./folder-format";
import { contentId } from "./parts";

export interface Entity {
  readonly entityType: string;
  readonly [field: string]: unknown;
}

type Delta = { readonly op: "create"; readonly row: Entity } | { readonly op: "drop"; readonly key: string } | { readonly op: "alter"; readonly key: string; readonly set: Json };

export interface Snapshot {
  readonly type: "base" | "diff";
  readonly id: string;
  readonly prevIds: readonly string[];
  readonly ddl?: readonly Entity[];
  readonly deltas?: readonly (Delta | { readonly op: "rename"; readonly key: string; readonly set: Json })[];
}

/** What a folder's snapshots come to. */
export interface State {
  /** The newest of them; several where branches were merged. */
  readonly ids: readonly string[];
  readonly entities: ReadonlyMap<string, Entity>;
}

/** In the order in which drizzle-kit lists them. */
const order = ["schemas", "tables", "enums", "columns", "indexes", "fks", "pks", "uniques", "checks", "sequences", "roles", "privileges", "policies", "views"];

/** By these an entity is known: `identity` of `createDDL` in drizzle-kit's sources. */
function keyOf(entity: Entity): string {
  const { entityType, schema, table, name } = entity;
  const parts = entityType === "schemas" || entityType === "roles" ? [name] : ["tables", "enums", "indexes", "sequences", "views"].includes(entityType) ? [schema, name] : [schema, table, name];
  return `${entityType}\0${JSON.stringify(parts)}`;
}

/** The snapshots of a folder's files, by name. Throws a `FolderError` for one that is not of version 9. */
export function stateOf(snapshots: readonly { readonly file: string; readonly text: string }[]): State {
  const read = snapshots.map(({ file, text }) => {
    try {
      const one = JSON.parse(text) as Snapshot & { readonly version?: unknown };
      if (one.version === "9" && typeof one.id === "string" && Array.isArray(one.prevIds) && Array.isArray(one.type === "base" ? one.ddl : one.deltas)) return one;
    } catch {
      // Told below, with what was expected.
    }
    throw new FolderError(`${file} is no snapshot of version 9, and the next one is made from it. Bring the folder up to date with \`drizzle-kit up\`, or restore the file from version control.`);
  });
  const entities = new Map<string, Entity>();
  for (const { type, ddl = [], deltas = [] } of read) {
    if (type === "base") for (const entity of ddl) entities.set(keyOf(entity), entity);
    for (const delta of deltas) {
      if (delta.op === "create") entities.set(keyOf(delta.row), delta.row);
      else {
        const known = entities.get(delta.key);
        if (delta.op === "drop" || delta.op === "rename") entities.delete(delta.key);
        if (known && delta.op !== "drop") { const changed = { ...known, ...delta.set }; entities.set(keyOf(changed), changed); }
        if (known && delta.op === "rename") renamed(entities, known, delta.set);
      }
    }
  }
  const parents = new Set(read.flatMap(({ prevIds }) => prevIds));
  return { ids: read.map(({ id }) => id).filter((id) => !parents.has(id)).reverse(), entities };
}

/** What belongs to a renamed table or schema goes by its new name; what names a column, by the column's. */
function renamed(entities: Map<string, Entity>, from: Entity, set: Json): void {
  const to = { ...from, ...set } as Entity;
  const change = (entity: Entity): Entity => {
    if (from.entityType === "schemas") return { ...entity, ...(entity["schema"] === from["name"] && { schema: to["name"] }), ...(entity["schemaTo"] === from["name"] && { schemaTo: to["name"] }), ...(entity["typeSchema"] === from["name"] && { typeSchema: to["name"] }) };
    if (from.entityType === "tables") return { ...entity, ...(entity["table"] === from["name"] && entity["schema"] === from["schema"] && { table: to["name"], schema: to["schema"] }), ...(entity["tableTo"] === from["name"] && entity["schemaTo"] === from["schema"] && { tableTo: to["name"], schemaTo: to["schema"] }) };
    if (from.entityType !== "columns") return entity;
    const name = (one: unknown): unknown => (one === from["name"] ? to["name"] : one);
    const inIt = entity["table"] === from["table"] && entity["schema"] === from["schema"];
    return {
      ...entity,
      ...(inIt && Array.isArray(entity["columns"]) && { columns: entity["columns"].map((one: unknown) => (typeof one === "string" ? name(one) : (one as Json)["isExpression"] ? one : { ...(one as Json), value: name((one as Json)["value"]) })) }),
      ...(entity["tableTo"] === from["table"] && entity["schemaTo"] === from["schema"] && Array.isArray(entity["columnsTo"]) && { columnsTo: entity["columnsTo"].map(name) }),
    };
  };
  const all = [...entities.values()].map(change);
  entities.clear();
  for (const entity of all) entities.set(keyOf(entity), entity);
}

/** The snapshot of a migration that leads from `before` to `after`, and the state after it. What did not change stays as the state has it, and so does what the model has no word for. */
export function nextSnapshot(state: State, before: SchemaModel, after: SchemaModel, statements: readonly string[]): { readonly snapshot: Json; readonly state: State } {
  const [had, has] = [entitiesOf(before), entitiesOf(after)];
  const next = new Map(state.entities);
  for (const key of had.keys()) if (!has.has(key)) next.delete(key);
  for (const [key, entity] of has) if (!next.has(key) || JSON.stringify(had.get(key)) !== JSON.stringify(entity)) next.set(key, entity.entityType === "tables" && next.has(key) ? next.get(key)! : entity);
  for (const { verb, name } of schemaStatements(statements)) {
    const entity: Entity = { name, entityType: "schemas" };
    if (verb === "create") next.set(keyOf(entity), entity);
    else next.delete(keyOf(entity));
  }
  const sorted = [...next.values()].sort((a, b) => order.indexOf(a.entityType) - order.indexOf(b.entityType));
  const first = state.ids.length === 0;
  const prevIds = first ? [originId] : state.ids;
  const body = first ? { footprints: [], ddl: sorted } : { footprints: [], deltas: deltasOf(state.entities, next) };
  const id = contentId(JSON.stringify([prevIds, body, statements]));
  return { snapshot: { type: first ? "base" : "diff", version: "9", dialect: "postgres", id, prevIds, ...body }, state: { ids: [id], entities: next } };
}

function deltasOf(before: ReadonlyMap<string, Entity>, after: ReadonlyMap<string, Entity>): readonly Delta[] {
  const place = ({ entityType }: Entity): number => order.indexOf(entityType);
  const drops = [...before].filter(([key]) => !after.has(key)).sort(([, a], [, b]) => place(b) - place(a)).map(([key]): Delta => ({ op: "drop", key }));
  const alters = [...after].flatMap(([key, entity]): readonly Delta[] => {
    const known = before.get(key);
    const set = known && Object.fromEntries(Object.entries(entity).filter(([field, value]) => JSON.stringify(known[field]) !== JSON.stringify(value)));
    return set && Object.keys(set).length > 0 ? [{ op: "alter", key, set }] : [];
  });
  const creates = [...after].filter(([key]) => !before.has(key)).sort(([, a], [, b]) => place(a) - place(b)).map(([, row]): Delta => ({ op: "create", row }));
  return [...drops, ...alters, ...creates];
}

function entitiesOf(model: SchemaModel): ReadonlyMap<string, Entity> {
  const targets = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  const tables = model.tables.filter(({ kind }) => kind !== "partition" && kind !== "foreign table");
  const all: readonly Entity[] = [
    ...tables.map(({ name }) => ({ schema: name.schema ?? "public", name: name.name, isRlsEnabled: false, entityType: "tables" })),
    ...model.enums.map(({ name, values }) => ({ schema: name.schema ?? "public", name: name.name, values, entityType: "enums" })),
    ...tables.flatMap((table) => partsOf(table, targets)),
  ];
  return new Map(all.map((entity) => [keyOf(entity), entity]));
}

function partsOf(table: Table, targets: ReadonlyMap<string, Table>): readonly Entity[] {
  const own = { schema: table.name.schema ?? "public", table: table.name.name };
  const key = table.primaryKey;
  const whole: Table = { ...table, ormVersion: 1 };
  return [
    ...table.columns.map((column) => columnOf(column, whole, own)),
    ...table.indexes.filter(({ constraint }) => constraint === undefined).map((index) => indexOf(index, whole, own)),
    ...table.foreignKeys.filter(({ enforced }) => enforced).map((one) => {
      const target = targets.get(tableKey(one.references.table));
      const { name, nameExplicit } = named(one.name, foreignKeyNameOf({ ...one, name: undefined }, whole, "drizzle", "postgresql", target));
      return { ...own, name, nameExplicit, columns: one.columns, schemaTo: one.references.table.schema ?? "public", tableTo: one.references.table.name, columnsTo: one.references.columns, onUpdate: one.onUpdate.toUpperCase(), onDelete: one.onDelete.toUpperCase(), entityType: "fks" };
    }),
    ...(key ? [{ ...own, ...reordered(named(key.name, primaryKeyNameOf({ ...key, name: undefined }, whole, "drizzle")), key.columns), entityType: "pks" }] : []),
    ...table.uniques.map((unique) => {
      const { name, nameExplicit } = named(unique.name, uniqueNameOf({ ...unique, name: undefined }, whole, "drizzle"));
      return { ...own, name, nameExplicit, columns: unique.columns, nullsNotDistinct: unique.nullsNotDistinct ?? false, entityType: "uniques" };
    }),
    ...table.checks.map((check) => ({ ...own, name: checkNameOf(check, table), value: recorded(check.expression), entityType: "checks" })),
  ];
}

function reordered({ name, nameExplicit }: { readonly name: string; readonly nameExplicit: boolean }, columns: readonly string[]): object {
  return { name, columns, nameExplicit };
}

/** A name that equals the one that drizzle-kit makes up is not taken for given, as a database has names for all. */
function named(given: string | undefined, made: string | undefined): { readonly name: string; readonly nameExplicit: boolean } {
  const same = given === undefined || (made !== undefined && storedName(made, "postgresql") === given);
  return { name: same ? made ?? "" : given, nameExplicit: !same };
}

function columnOf(column: Column, table: Table, own: object): Entity {
  const { generated, type, name, default: given } = column;
  const isGenerated = generated === "stored" || generated === "virtual";
  const text = recordedType(type, generated === "serial");
  const base = text.replaceAll(/\[\d*\]/g, "");
  return {
    ...own, name, type: type.recorded === undefined ? base.replaceAll(", ", ",").replaceAll(" (", "(") : base, typeSchema: type.enum ? type.enum.schema ?? "public" : null,
    notNull: !column.nullable || (table.primaryKey?.columns.includes(name) ?? false), dimensions: text.match(/\[\d*\]/g)?.length ?? 0,
    default: given && !isGenerated && generated !== "serial" && generated !== "identity" ? String(recorded(given)) : null,
    generated: given && isGenerated ? { as: recorded(given), type: "stored" } : null,
    identity: generated === "identity" ? identityOf(column, table) : null,
    entityType: "columns",
  };
}

function identityOf(column: Column, table: Table): Json {
  const { sequenceOptions: own, type } = column;
  const { cache, ...options } = sequenceOptions(type.name, typeof own === "object" ? own : {});
  const { cycle, ...numbers } = options;
  return { type: column.identity === "always" ? "always" : "byDefault", name: sequenceNameOf(column, table, "drizzle"), ...numbers, cache: Number(cache), cycle };
}

function indexOf(index: Index, table: Table, own: object): Entity {
  const { name, nameExplicit } = named(index.name, index.keys.some(({ column }) => column === undefined) ? undefined : indexNameOf({ ...index, name: undefined }, table, "drizzle"));
  return {
    ...own, name, nameExplicit,
    columns: index.keys.map((key) => key.expression
      ? { value: recorded(key.expression), isExpression: true, asc: true, nullsFirst: false, opclass: null }
      : { value: key.column, isExpression: false, asc: key.order === "asc", nullsFirst: key.nulls === undefined ? key.order === "desc" : key.nulls === "first", opclass: key.operatorClass === undefined ? null : { name: key.operatorClass, default: false } }),
    isUnique: index.unique, where: index.where ? recorded(index.where) : null, with: Object.entries(index.with ?? {}).map(([option, value]) => `${option}=${value}`).join(", "),
    method: index.method, concurrently: index.concurrently ?? false, entityType: "indexes",
  };
}

function recorded({ recorded: text, sql }: Expression): unknown {
  return text ?? sql;
}
