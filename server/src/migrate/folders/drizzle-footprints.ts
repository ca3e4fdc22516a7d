// The footprints in snapshots of drizzle-kit 1.0, by which its `check` tells whether two branches of migrations are in
// each other's way (`PostgresCommutativity` in its sources): what every statement writes and reads. A statement that may
// be made twice carries a hash of the kit's own SQL: the same change on both branches is no conflict.
import { roleText } from "../../dialects/postgres-policies";
import { text, texts, type Entities, type Entity } from "./drizzle-entities";
import { changesBetween, isSerial, keysOf, type Change, type Repeatable } from "./drizzle-changes";
import { kitSql } from "./drizzle-kit-sql";
import type { Rename } from "./drizzle-renames";
import { sha256 } from "./parts";

export interface Footprint {
  readonly statementType: string;
  readonly statementTarget: readonly string[];
  readonly writes: readonly string[];
  readonly reads?: readonly string[];
  /** Others may write them too, but not read them. */
  readonly sharedWrites?: readonly string[];
  readonly sqlHash?: string;
}

type Nodes = Pick<Footprint, "writes" | "reads" | "sharedWrites">;

/** Of a migration that leads from `before`, which has the `renames` made already, to `after`. */
export function footprintsOf(before: Entities, after: Entities, renames: readonly Rename[]): readonly Footprint[] {
  return changesBetween(before, after, renames).map((change): Footprint => ({
    statementType: change.kind,
    statementTarget: targetOf(change),
    ...nodesOf(change),
    ...(isRepeatable(change) && { sqlHash: sha256(kitSql(change, after).join("\n")).slice(0, 16) }),
  }));
}

/** The footprints of a whole change among the `steps` that it is made in, each where the same thing is first done, or else something of its target. What only helps on the way (a check that goes again, an index built under another name) is in nobody's way and has none. */
export function placed(whole: readonly Footprint[], steps: readonly (readonly Footprint[])[]): readonly (readonly Footprint[])[] {
  const target = ({ statementTarget }: Footprint): string => JSON.stringify(statementTarget);
  const places = whole.map((footprint) => {
    const same = steps.findIndex((step) => step.some((one) => one.statementType === footprint.statementType && target(one) === target(footprint)));
    return Math.max(0, same >= 0 ? same : steps.findIndex((step) => step.some((one) => target(one) === target(footprint))));
  });
  return steps.map((_, position) => whole.filter((__, at) => places[at] === position));
}

function targetOf(change: Change): readonly string[] {
  const entity = "entity" in change ? change.entity : /^(?:rename|move)_/.test(change.kind) ? change.from : change.to;
  const { schema, name, table } = named(entity);
  switch (entity.entityType) {
    case "schemas": return ["schema", name];
    case "roles": return ["role", name];
    case "enums": return ["enum", schema, name];
    case "tables": return ["table", schema, name];
    case "sequences": return ["sequence", schema, name];
    case "views": return ["view", schema, name];
    case "columns": return ["column", schema, table, name];
    case "indexes": return ["index", schema, table, name];
    default: return ["table", schema, table];
  }
}

function isRepeatable(change: Change): change is Repeatable {
  switch (change.kind) {
    case "alter_pk": return !change.columnDropped;
    case "alter_column": {
      const { from, to, fields } = change;
      const [was, is] = [isSerial(text(from, "type")), isSerial(text(to, "type"))];
      const becomesList = fields.has("dimensions") && (from["dimensions"] === 0 || to["dimensions"] === 0);
      return was === is && !becomesList && !fields.has("generated") && !fields.has("identity");
    }
    case "recreate_column": case "recreate_index": case "recreate_fk": case "alter_unique": case "alter_check": case "recreate_enum": case "alter_sequence": case "alter_view": case "alter_policy": case "recreate_policy": case "alter_rls": case "alter_role": return true;
    default: return false;
  }
}

const node = (mark: "s" | "n" | "e", kind: string, ...path: readonly string[]): string => `${mark}|${kind}|${path.join(".")}`;
/** The thing itself; its name; that it exists. */
const itself = (kind: string, ...path: readonly string[]): string => node("s", kind, ...path);
const nameOf = (kind: string, ...path: readonly string[]): string => node("n", kind, ...path);
const existence = (kind: string, ...path: readonly string[]): string => node("e", kind, ...path);

/** Names that things of other kinds must not have: https://www.postgresql.org/docs/current/catalog-pg-class.html */
function sharedNames(kind: string, path: readonly string[]): readonly string[] {
  switch (kind) {
    case "tbl": case "view": return [nameOf("rel", ...path), nameOf("type", ...path)];
    case "idx": case "seq": return [nameOf("rel", ...path)];
    case "enum": return [nameOf("type", ...path)];
    case "uq": return [nameOf("con", ...path), nameOf("rel", path[0]!, path[2]!)];
    case "ck": case "fk": return [nameOf("con", ...path)];
    default: return [];
  }
}

const made = (kind: string, ...path: readonly string[]): readonly string[] => [itself(kind, ...path), nameOf(kind, ...path), existence(kind, ...path), ...sharedNames(kind, path)];
const end = (kind: string, ...path: readonly string[]): readonly string[] => [itself(kind, ...path), nameOf(kind, ...path), ...sharedNames(kind, path)];
const named = (entity: Entity): { readonly schema: string; readonly table: string; readonly name: string } => ({ schema: text(entity, "schema"), table: text(entity, "table"), name: text(entity, "name") });
const home = (entity: Entity): readonly string[] => [nameOf("tbl", text(entity, "schema"), text(entity, "table")), nameOf("sch", text(entity, "schema"))];
const columnsOf = (entity: Entity, columns: readonly string[], node: typeof nameOf): readonly string[] => columns.map((column) => node("col", text(entity, "schema"), text(entity, "table"), column));
const uniqueness = (schema: string, table: string, columns: readonly string[]): string => existence("uniqueness", schema, table, ...[...columns].sort());
const uniquenessOf = (entity: Entity): readonly string[] => [uniqueness(text(entity, "schema"), text(entity, "table"), texts(entity, "columns"))];
const path = (entity: Entity): readonly string[] => [text(entity, "schema"), text(entity, "table"), text(entity, "name")];
const typeOf = (column: Entity): readonly string[] => (column["typeSchema"] && column["typeSchema"] !== "pg_catalog" ? [nameOf("enum", text(column, "typeSchema"), text(column, "type"))] : []);
const plainKeys = (index: Entity): readonly string[] => keysOf(index).filter(({ isExpression }) => !isExpression).map(({ value }) => value);

function indexUniqueness(index: Entity): readonly string[] {
  return index["isUnique"] === true && !index["where"] && keysOf(index).every(({ isExpression }) => !isExpression) ? [uniqueness(text(index, "schema"), text(index, "table"), plainKeys(index))] : [];
}

/** A primary key is its table's only one; its name is one among those of constraints and of relations. */
function primaryKey(key: Entity): readonly string[] {
  return [...made("pk", text(key, "schema"), text(key, "table")), ...sharedNames("uq", path(key))];
}

function nodesOf(change: Change): Nodes {
  switch (change.kind) {
    case "create_schema": case "drop_schema": return { writes: made("sch", text(change.entity, "name")) };
    case "create_role": case "drop_role": return { writes: made("role", text(change.entity, "name")) };
    case "alter_role": return { writes: [itself("role", text(change.to, "name"))] };
    case "rename_role": return { writes: [change.from, change.to].flatMap((one) => end("role", text(one, "name"))) };
    case "create_enum": case "drop_enum": return inSchema("enum", change.entity, made);
    case "create_sequence": case "drop_sequence": return inSchema("seq", change.entity, made);
    case "alter_sequence": return inSchema("seq", change.to, (...of) => [itself(...of)]);
    case "create_view": case "drop_view": return inSchema("view", change.entity, made);
    case "alter_view": return inSchema("view", change.to, (...of) => [itself(...of)]);
    case "rename_view": return between("view", change.from, change.to);
    case "drop_table": return inSchema("tbl", change.entity, made);
    case "create_table": {
      const { writes, reads } = inSchema("tbl", change.entity, made);
      const relations = [...(change.key ? [change.key] : []), ...change.uniques].map((one) => nameOf("rel", text(change.entity, "schema"), text(one, "name")));
      return { writes: [...writes, ...relations], reads: [...reads, ...change.columns.flatMap(typeOf)] };
    }
    case "rename_table": return between("tbl", change.from, change.to);
    case "rename_enum": return between("enum", change.from, change.to);
    case "rename_sequence": return between("seq", change.from, change.to);
    case "rename_schema": return { writes: [change.from, change.to].flatMap((one) => end("sch", text(one, "name"))) };
    case "move_enum": return between("enum", change.from, change.to);
    case "move_view": return between("view", change.from, change.to);
    case "move_sequence": return between("seq", change.from, change.to);
    case "move_table": {
      const { writes, reads } = between("tbl", change.from, change.to);
      const [from, to] = [change.from, change.to].map((one) => named(one));
      return { writes: [...writes, existence("tbl", from!.schema, from!.name), existence("tbl", to!.schema, to!.name), ...change.relations.flatMap((name) => [nameOf("rel", from!.schema, name), nameOf("rel", to!.schema, name)])], reads };
    }
    case "alter_enum": return inSchema("enum", change.to, (...of) => [itself(...of)]);
    case "recreate_enum": {
      const { writes, reads } = inSchema("enum", change.to, made);
      return {
        writes: [...writes, ...change.columns.flatMap(({ column }) => ["type", "default"].map((property) => itself("colprop", ...path(column), property)))],
        reads: [...reads, ...change.columns.flatMap(({ column }) => [...home(column), nameOf("col", ...path(column))])],
      };
    }
    case "add_column": return { writes: made("col", ...path(change.entity)), reads: [...home(change.entity), ...typeOf(change.entity)] };
    case "recreate_column": return { writes: made("col", ...path(change.to)), reads: [...home(change.to), ...typeOf(change.to)] };
    case "drop_column": return { writes: made("col", ...path(change.entity)), reads: home(change.entity) };
    case "rename_column": return { writes: [...end("col", ...path(change.from)), ...end("col", ...path(change.to))], reads: home(change.from) };
    case "alter_column": return columnNodes(change);
    case "create_index": return { writes: relation(change.entity), reads: [...home(change.entity), ...columnsOf(change.entity, plainKeys(change.entity), nameOf)] };
    case "recreate_index": return { writes: relation(change.to), reads: [...home(change.to), ...columnsOf(change.to, plainKeys(change.to), nameOf)], sharedWrites: indexUniqueness(change.from) };
    case "drop_index": {
      const sharedWrites = indexUniqueness(change.entity);
      return { writes: relation(change.entity), reads: [...(sharedWrites.length > 0 ? home(change.entity) : indexHome(change.entity)), ...columnsOf(change.entity, plainKeys(change.entity), existence)], sharedWrites };
    }
    case "rename_index": return {
      writes: [change.from, change.to].flatMap((one) => end("idx", text(one, "schema"), text(one, "name"))),
      reads: [...indexHome(change.to), ...columnsOf(change.to, plainKeys(change.to), existence)],
    };
    case "add_pk": return { writes: primaryKey(change.entity), reads: [...home(change.entity), ...columnsOf(change.entity, texts(change.entity, "columns"), nameOf)] };
    case "drop_pk": return { writes: primaryKey(change.entity), reads: [...home(change.entity), ...columnsOf(change.entity, texts(change.entity, "columns"), existence)], sharedWrites: uniquenessOf(change.entity) };
    case "alter_pk": return { writes: [itself("pk", text(change.to, "schema"), text(change.to, "table"))], reads: [...home(change.to), ...columnsOf(change.to, texts(change.to, "columns"), nameOf)], sharedWrites: uniquenessOf(change.from) };
    case "create_fk": return foreignKeyNodes(change.entity);
    case "recreate_fk": return foreignKeyNodes(change.to);
    case "drop_fk": return { writes: made("fk", ...path(change.entity)), reads: [...home(change.entity), ...columnsOf(change.entity, texts(change.entity, "columns"), existence)] };
    case "add_unique": return { writes: made("uq", ...path(change.entity)), reads: [...home(change.entity), ...columnsOf(change.entity, texts(change.entity, "columns"), nameOf)] };
    case "drop_unique": return { writes: made("uq", ...path(change.entity)), reads: [...home(change.entity), ...columnsOf(change.entity, texts(change.entity, "columns"), existence)], sharedWrites: uniquenessOf(change.entity) };
    case "alter_unique": return {
      writes: [itself("uq", ...path(change.to))],
      reads: [...home(change.to), ...columnsOf(change.to, texts(change.to, "columns"), nameOf), ...columnsOf(change.to, texts(change.from, "columns"), existence)],
      sharedWrites: uniquenessOf(change.from),
    };
    case "add_check": return { writes: made("ck", ...path(change.entity)), reads: [...home(change.entity), ...columnsOf(change.entity, change.columns, nameOf)] };
    case "drop_check": return { writes: made("ck", ...path(change.entity)), reads: [...home(change.entity), ...columnsOf(change.entity, change.columns, existence)] };
    case "alter_check": return { writes: [itself("ck", ...path(change.to))], reads: [...home(change.to), ...columnsOf(change.to, change.newColumns, nameOf), ...columnsOf(change.to, change.oldColumns, existence)] };
    case "create_policy": return { writes: made("pol", ...path(change.entity)), reads: [...home(change.entity), ...policyRoles(change.entity), existence("rls", text(change.entity, "schema"), text(change.entity, "table"))] };
    case "drop_policy": return { writes: made("pol", ...path(change.entity)), reads: home(change.entity) };
    case "alter_policy": case "recreate_policy": return { writes: [itself("pol", ...path(change.to))], reads: [...home(change.to), ...policyRoles(change.to)] };
    case "rename_policy": return { writes: [...end("pol", ...path(change.from)), ...end("pol", ...path(change.to))], reads: home(change.from) };
    case "alter_rls": {
      const of = [text(change.to, "schema"), text(change.to, "name")] as const;
      return { writes: [itself("rls", ...of), ...(change.to["isRlsEnabled"] === true ? [] : [existence("rls", ...of)])], reads: [nameOf("tbl", ...of), nameOf("sch", of[0])] };
    }
    case "rename_constraint": {
      const { from, to, columns } = change;
      const kind = ({ uniques: "uq", checks: "ck", fks: "fk" } as Record<string, string>)[from.entityType];
      const writes = kind === undefined
        ? [...end("pk", text(to, "schema"), text(to, "table")), ...sharedNames("uq", path(from)), ...sharedNames("uq", path(to))]
        : [...end(kind, ...path(from)), ...end(kind, ...path(to))];
      return { writes, reads: [...home(to), ...columnsOf(to, columns, existence)] };
    }
  }
}

/** Those that are roles, and not words of SQL. */
function policyRoles(policy: Entity): readonly string[] {
  return texts(policy, "roles").filter((role) => roleText(role) !== role).map((role) => nameOf("role", role));
}

function inSchema(kind: string, entity: Entity, nodes: (kind: string, ...path: readonly string[]) => readonly string[]): { readonly writes: readonly string[]; readonly reads: readonly string[] } {
  const { schema, name } = named(entity);
  return { writes: nodes(kind, schema, name), reads: [nameOf("sch", schema)] };
}

function between(kind: string, from: Entity, to: Entity): Nodes {
  return { writes: [...inSchema(kind, from, end).writes, ...inSchema(kind, to, end).writes], reads: [...new Set([from, to].map((one) => nameOf("sch", text(one, "schema"))))] };
}

function relation(index: Entity): readonly string[] {
  return made("idx", text(index, "schema"), text(index, "name"));
}

function indexHome(index: Entity): readonly string[] {
  return [existence("tbl", text(index, "schema"), text(index, "table")), nameOf("sch", text(index, "schema"))];
}

/** A default has to do with the type, with a generated value and with an identity; an identity with NOT NULL too. */
function columnNodes({ to, fields }: Change & { readonly kind: "alter_column" }): Nodes {
  const typeChanges = ["type", "typeSchema", "dimensions"].some((field) => fields.has(field));
  const properties = new Set([
    ...(fields.has("notNull") ? ["notNull"] : []),
    ...(fields.has("default") ? ["default"] : []),
    ...(typeChanges ? ["type", "default"] : []),
    ...(fields.has("generated") ? ["generated", "default"] : []),
    ...(fields.has("identity") ? ["identity", "default", "notNull"] : []),
  ]);
  return {
    writes: [...properties].map((property) => itself("colprop", ...path(to), property)),
    reads: [...home(to), nameOf("col", ...path(to)), ...(fields.has("default") || typeChanges ? typeOf(to) : [])],
  };
}

function foreignKeyNodes(key: Entity): Nodes {
  const [schema, table, columns] = [text(key, "schemaTo"), text(key, "tableTo"), texts(key, "columnsTo")];
  return {
    writes: made("fk", ...path(key)),
    reads: [
      ...home(key), nameOf("tbl", schema, table), nameOf("sch", schema),
      ...columnsOf(key, texts(key, "columns"), nameOf), ...columns.map((column) => nameOf("col", schema, table, column)),
      uniqueness(schema, table, columns),
    ],
  };
}
