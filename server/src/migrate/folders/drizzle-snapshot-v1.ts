// The snapshots that drizzle-kit 1.0 keeps: the folder's first migration has the whole schema as a list of entities, every
// later one what it changes of them, with the footprints by which `drizzle-kit check` tells whether two branches are in each
// other's way. Before 1.0.0-rc.5 each had the whole schema.
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, recordedUniqueName, sequenceNameOf, uniqueNameOf } from "../../indexes/default-name";
import { storedName } from "../../indexes/name-length";
import type { Column, Expression, Index, SchemaModel, Sequence, SourceName, Table, Unique } from "../../model/schema";
import { knownOptions, sequenceOptions } from "../../model/sequence";
import { tableKey } from "../../model/table-key";
import { recordedType } from "../../sources/drizzle/recorded";
import { declaredIn } from "../generate/declared";
import { rowSecurityOf } from "../generate/policies";
import { originId, type Json } from "./drizzle-snapshot-v0";
import { keyOf, renamed, type Entities, type Entity } from "./drizzle-entities";
import { footprintsOf, placed } from "./drizzle-footprints";
import { newNameOf, renamesOf, type Rename } from "./drizzle-renames";
import { viewEntity, withViews } from "./drizzle-views";
import { FolderError } from "./folder-format";
import { contentId } from "./parts";

type Delta = { readonly op: "create"; readonly row: Entity } | { readonly op: "drop"; readonly key: string } | { readonly op: "alter" | "rename"; readonly key: string; readonly set: Json };

/** Until 1.0.0-rc.4 every snapshot holds the whole schema, version 8, and from 1.0.0-rc.5 on the first alone, version 9. */
export type RecordVersion = "8" | "9";

export interface Snapshot {
  readonly version: RecordVersion;
  readonly type?: "base" | "diff";
  readonly id: string;
  readonly prevIds: readonly string[];
  readonly ddl?: readonly Entity[];
  readonly deltas?: readonly Delta[];
}

/** What a folder's snapshots come to. */
export interface State {
  readonly version: RecordVersion;
  /** The newest of them; several where branches were merged. */
  readonly ids: readonly string[];
  readonly entities: Entities;
}

/** In the order in which drizzle-kit lists them. */
const order = ["schemas", "tables", "enums", "columns", "indexes", "fks", "pks", "uniques", "checks", "sequences", "roles", "privileges", "policies", "views"];

/** The snapshots of a folder's files, by name; `version`: of the first one that a folder gets. Throws a `FolderError` for one of another version, or of another than those beside it. */
export function stateOf(snapshots: readonly { readonly file: string; readonly text: string }[], version: RecordVersion = "9"): State {
  const read = snapshots.map(({ file, text }) => ({ file, snapshot: snapshotIn(text) }));
  const versions = new Set(read.map(({ snapshot }) => snapshot?.version));
  const wanted = read.length === 0 ? version : versions.has("8") && !versions.has("9") ? "8" : "9";
  const known = read.map(({ file, snapshot }) => {
    if (snapshot?.version === wanted) return snapshot;
    throw new FolderError(`${file} is no snapshot of version ${wanted}, and the next one is made from it. Bring the folder up to date with \`drizzle-kit up\`, or restore the file from version control.`);
  });
  const parents = new Set(known.flatMap(({ prevIds }) => prevIds));
  const ids = known.map(({ id }) => id).filter((id) => !parents.has(id)).reverse();
  if (wanted === "9") return { version: wanted, ids, entities: folded(known) };
  if (ids.length > 1) throw new FolderError(`${read.filter(({ snapshot }) => ids.includes(snapshot!.id)).map(({ file }) => file).join(" and ")} are the newest of two branches, each with the schema of its own branch alone. Merge them first, with \`drizzle-kit generate\`.`);
  return { version: wanted, ids, entities: new Map((known.find(({ id }) => id === ids[0])?.ddl ?? []).map((entity) => [keyOf(entity), entity])) };
}

function snapshotIn(text: string): Snapshot | undefined {
  try {
    const one = JSON.parse(text) as Snapshot;
    const holds = one.version === "8" || one.type === "base" ? one.ddl : one.deltas;
    return (one.version === "8" || one.version === "9") && typeof one.id === "string" && Array.isArray(one.prevIds) && Array.isArray(holds) ? one : undefined;
  } catch {
    // Told by what needs it, with what was expected.
    return undefined;
  }
}

function folded(snapshots: readonly Snapshot[]): Entities {
  let entities = new Map<string, Entity>();
  for (const { type, ddl = [], deltas = [] } of snapshots) {
    if (type === "base") for (const entity of ddl) entities.set(keyOf(entity), entity);
    for (const delta of deltas) {
      if (delta.op === "create") entities.set(keyOf(delta.row), delta.row);
      else {
        const known = entities.get(delta.key);
        if (delta.op === "drop") entities.delete(delta.key);
        else if (known && delta.op === "alter") entities.set(delta.key, { ...known, ...delta.set });
        else if (known) entities = new Map(renamed(entities, known, { ...known, ...delta.set }));
      }
    }
  }
  return entities;
}

interface Migration {
  readonly name: string;
  readonly after: SchemaModel;
  readonly up: readonly string[];
}

/** The snapshots of migrations that lead from `before` to each one's `after` in turn, and the state after the last. What did not change stays as the state has it, and so does what the model has no word for. By its name a migration is another one than a branch's that makes the same change. `code` says which names are given in it. */
export function nextSnapshots(state: State, before: SchemaModel, migrations: readonly Migration[], code?: SchemaModel): { readonly snapshots: readonly Json[]; readonly state: State } {
  const explicit = new Map([...(code?.source === "drizzle" ? entitiesOf(code, given) : [])].flatMap(([key, entity]) => (entity["nameExplicit"] === undefined ? [] : [[key, entity["nameExplicit"]]])));
  const steps: Step[] = [];
  let [entities, model] = [state.entities, before];
  for (const { after, up } of migrations) {
    const step = stepBetween(entities, { before: model, after, up, explicit });
    steps.push(step);
    [entities, model] = [step.next, after];
  }
  const all = renamesOf(state.entities, entities, migrations.flatMap(({ up }) => up));
  const footprints = placed(footprintsOf(all.entities, entities, all.renames), steps.map(({ start, next, renames }) => footprintsOf(start, next, renames)));
  const snapshots: Json[] = [];
  let ids = state.ids;
  for (const [position, { start, next, renames }] of steps.entries()) {
    const first = ids.length === 0;
    const prevIds = first ? [originId] : ids;
    const whole = { ddl: inOrder([...next.values()]) };
    const deltas = (): Json => ({ deltas: [...renames.map((rename): Delta => ({ op: "rename", key: keyOf(rename.from), set: newNameOf(rename) })), ...deltasOf(start, next)] });
    const body = state.version === "8" ? { ...whole, renames: renames.map(renameText) } : { footprints: footprints[position]!, ...(first ? whole : deltas()) };
    const { name, up } = migrations[position]!;
    const id = contentId(JSON.stringify([prevIds, body, name, up]));
    snapshots.push({ ...(state.version === "9" && { type: first ? "base" : "diff" }), version: state.version, dialect: "postgres", id, prevIds, ...body });
    ids = [id];
  }
  return { snapshots, state: { version: state.version, ids, entities } };
}

/** As `prepareMigrationRenames` of drizzle-kit writes it. */
function renameText({ from, to }: Rename): string {
  const path = ({ schema, table, name }: Entity): string => [schema, table, name].filter((part) => part !== undefined).join(".");
  return `${path(from)}->${path(to)}`;
}

interface Step {
  /** What was there before, with the renames made. */
  readonly start: Entities;
  readonly renames: readonly Rename[];
  readonly next: Entities;
}

interface StepInput {
  readonly before: SchemaModel;
  readonly after: SchemaModel;
  readonly up: readonly string[];
  /** By key, of what the code has: whether it gives the name. */
  readonly explicit: ReadonlyMap<string, unknown>;
}

function stepBetween(entities: Entities, { before, after, up, explicit }: StepInput): Step {
  const asInCode = (some: Entities): Entities => new Map([...some].map(([key, entity]) => [key, explicit.has(key) ? { ...entity, nameExplicit: explicit.get(key) } : entity]));
  const wanted = asInCode(entitiesOf(after, told));
  const { renames, entities: start } = renamesOf(entities, withViewNames(wanted, after), up);
  const had = renames.reduce<Entities>((all, rename) => {
    const known = all.get(keyOf(rename.from));
    return known ? renamed(all, known, { ...known, ...newNameOf(rename) }) : all;
  }, withNamesKept(entities, asInCode(entitiesOf(before, told))));
  const has = withNamesKept(start, wanted);
  const next = new Map(start);
  for (const key of had.keys()) if (!has.has(key)) next.delete(key);
  for (const [key, entity] of has) if (!next.has(key) || JSON.stringify(had.get(key)) !== JSON.stringify(entity)) next.set(key, entity);
  withViews(next, before, after);
  return { start, renames, next: asInCode(next) };
}

function withViewNames(wanted: Entities, { views = [] }: SchemaModel): Entities {
  return views.length === 0 ? wanted : new Map([...wanted, ...views.map((view) => [keyOf(viewEntity(view)), viewEntity(view)] as const)]);
}

function inOrder(entities: readonly Entity[]): readonly Entity[] {
  return [...entities].sort((a, b) => order.indexOf(a.entityType) - order.indexOf(b.entityType));
}

/** What has a made-up name keeps the one that it had, which a renamed table or column does not change: `preserveEntityNames` in drizzle-kit's sources. */
function withNamesKept(start: Entities, wanted: Entities): Entities {
  const rest = ({ name: _, ...entity }: Entity): string => JSON.stringify(Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1)));
  const madeUp = (entities: Entities): readonly Entity[] => [...entities.values()].filter((one) => ["uniques", "fks", "pks", "indexes"].includes(one.entityType) && one["nameExplicit"] === false);
  const standing = madeUp(start).filter((one) => !wanted.has(keyOf(one)));
  const kept = new Map(madeUp(wanted).flatMap((entity): readonly (readonly [Entity, Entity])[] => {
    const [same, ...others] = start.has(keyOf(entity)) ? [] : standing.filter((one) => rest(one) === rest(entity));
    return same && others.length === 0 ? [[entity, same]] : [];
  }));
  return new Map([...wanted.values()].map((entity) => { const one = kept.get(entity) ?? entity; return [keyOf(one), one]; }));
}

function deltasOf(before: Entities, after: Entities): readonly Delta[] {
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

function entitiesOf(model: SchemaModel, named: Naming): Entities {
  const targets = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  const tables = model.tables.filter(({ kind }) => kind !== "partition" && kind !== "foreign table");
  const { schemas, roles } = declaredIn(model) ?? { schemas: [], roles: [] };
  const all: readonly Entity[] = [
    ...schemas.map((name) => ({ name, entityType: "schemas" })),
    ...tables.map(({ name, rowSecurity }) => ({ schema: name.schema ?? "public", name: name.name, isRlsEnabled: rowSecurity?.enabled ?? false, entityType: "tables" })),
    ...model.enums.map(({ name, values }) => ({ schema: name.schema ?? "public", name: name.name, values, entityType: "enums" })),
    ...tables.flatMap((table) => partsOf(table, targets, { source: model.source, named })),
    ...(model.sequences ?? []).filter(({ owned }) => !owned).map(sequenceOf),
    ...roles.map(({ name, createDatabase, createRole, inherit }) => ({
      name, superuser: false, createDb: createDatabase, createRole, inherit, canLogin: false, replication: false, bypassRls: false, connLimit: -1, password: null, validUntil: null, entityType: "roles",
    })),
  ];
  return new Map(all.map((entity) => [keyOf(entity), entity]));
}

function sequenceOf({ name, type, options }: Sequence): Entity {
  const { increment, cache, startWith, minValue, maxValue, cycle } = sequenceOptions(type, knownOptions(options));
  return { schema: name.schema ?? "public", name: name.name, incrementBy: increment, minValue, maxValue, startWith, cacheSize: Number(cache), cycle, entityType: "sequences" };
}

/** The name of a part, of the one that stands for it and the one that drizzle-kit would make up. */
type Naming = (name: string | undefined, made: string | undefined) => { readonly name: string; readonly nameExplicit: boolean };

interface Names {
  readonly source: SourceName;
  readonly named: Naming;
}

function partsOf(table: Table, targets: ReadonlyMap<string, Table>, names: Names): readonly Entity[] {
  const { named } = names;
  const own = { schema: table.name.schema ?? "public", table: table.name.name };
  const key = table.primaryKey;
  const whole: Table = { ...table, ormVersion: 1 };
  return [
    ...table.columns.map((column) => columnOf(column, whole, own)),
    ...table.indexes.filter(({ constraint }) => constraint === undefined).map((index) => indexOf(index, whole, own, named)),
    ...table.foreignKeys.filter(({ enforced }) => enforced).map((one) => {
      const target = targets.get(tableKey(one.references.table));
      const { name, nameExplicit } = named(one.name, foreignKeyNameOf({ ...one, name: undefined }, whole, "drizzle", "postgresql", target));
      return { ...own, name, nameExplicit, columns: one.columns, schemaTo: one.references.table.schema ?? "public", tableTo: one.references.table.name, columnsTo: one.references.columns, onUpdate: one.onUpdate.toUpperCase(), onDelete: one.onDelete.toUpperCase(), entityType: "fks" };
    }),
    ...(key ? [{ ...own, ...reordered(named(key.name, primaryKeyNameOf({ ...key, name: undefined }, whole, "drizzle")), key.columns), entityType: "pks" }] : []),
    ...table.uniques.map((unique) => {
      const { name, nameExplicit } = uniqueNames(unique, whole, names);
      return { ...own, name, nameExplicit, columns: unique.columns, nullsNotDistinct: unique.nullsNotDistinct ?? false, entityType: "uniques" };
    }),
    ...table.checks.map((check) => ({ ...own, name: checkNameOf(check, table), value: recorded(check.expression), entityType: "checks" })),
    ...rowSecurityOf(table).policies.filter(({ complete }) => complete).map(({ name, as, for: command, to, using, withCheck }) => ({
      ...own, name, as: as.toUpperCase(), for: command.toUpperCase(), roles: to, using: using ? recorded(using) : null, withCheck: withCheck ? recorded(withCheck) : null, entityType: "policies",
    })),
  ];
}

function uniqueNames(unique: Unique, table: Table, { source, named }: Names): ReturnType<Naming> {
  const inDatabase = storedName(uniqueNameOf({ ...unique, name: undefined }, table, "drizzle"), "postgresql");
  return named(source !== "drizzle" && unique.name === inDatabase ? undefined : unique.name, recordedUniqueName(unique, table));
}

function reordered({ name, nameExplicit }: { readonly name: string; readonly nameExplicit: boolean }, columns: readonly string[]): object {
  return { name, columns, nameExplicit };
}

/** A name that equals the one that drizzle-kit makes up is not taken for given, as a database has names for all. */
const told: Naming = (name, made) => {
  const same = name === undefined || (made !== undefined && storedName(made, "postgresql") === name);
  return { name: same ? made ?? "" : name, nameExplicit: !same };
};

/** Of the code, which has a name only where it gives one. */
const given: Naming = (name, made) => ({ name: name ?? made ?? "", nameExplicit: name !== undefined });

function columnOf(column: Column, table: Table, own: object): Entity {
  const { generated, type, name, default: value } = column;
  const isGenerated = generated === "stored" || generated === "virtual";
  const text = recordedType(type, generated === "serial");
  const base = text.replaceAll(/\[\d*\]/g, "");
  return {
    ...own, name, type: type.recorded === undefined ? base.replaceAll(", ", ",").replaceAll(" (", "(") : base, typeSchema: type.enum ? type.enum.schema ?? "public" : null,
    notNull: !column.nullable || (table.primaryKey?.columns.includes(name) ?? false), dimensions: text.match(/\[\d*\]/g)?.length ?? 0,
    // What cannot be read is not made either: the kit finds it.
    default: value?.complete && !isGenerated && generated !== "serial" && generated !== "identity" ? String(recorded(value)) : null,
    generated: value && isGenerated ? { as: recorded(value), type: "stored" } : null,
    identity: generated === "identity" ? identityOf(column, table) : null,
    entityType: "columns",
  };
}

function identityOf(column: Column, table: Table): Json {
  const { sequenceOptions: own, type } = column;
  const { cache, ...options } = sequenceOptions(type.name, knownOptions(own));
  const { cycle, ...numbers } = options;
  return { type: column.identity === "always" ? "always" : "byDefault", name: sequenceNameOf(column, table, "drizzle"), ...numbers, cache: Number(cache), cycle };
}

function indexOf(index: Index, table: Table, own: object, named: Naming): Entity {
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
