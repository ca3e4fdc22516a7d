// What leads from one list of entities to another, as the statements that drizzle-kit 1.0 makes of it and in their order
// (`ddlDiff` in its sources): its footprints are told by statement. Privileges are carried through
// unchanged, so there are none of them.
import { keyOf, text, texts, type Entities, type Entity, type IndexKey } from "./drizzle-entities";
import type { Rename } from "./drizzle-renames";

type Plain = "create_schema" | "drop_schema" | "create_enum" | "drop_enum" | "add_column" | "drop_column" | "create_index" | "drop_index" | "add_pk" | "drop_pk" | "create_fk" | "drop_fk" | "add_unique" | "drop_unique" | "drop_table" | "create_sequence" | "drop_sequence" | "create_policy" | "drop_policy" | "create_view" | "drop_view" | "create_role" | "drop_role";
type Renaming = "rename_schema" | "rename_table" | "rename_column" | "rename_enum" | "rename_sequence" | "rename_index" | "rename_policy" | "rename_role" | "rename_view";

/** A kind is what drizzle-kit calls the statement. */
export type Change =
  | { readonly kind: Plain; readonly entity: Entity }
  | { readonly kind: "create_table"; readonly entity: Entity; readonly columns: readonly Entity[]; readonly key: Entity | undefined; readonly uniques: readonly Entity[] }
  | { readonly kind: "add_check" | "drop_check"; readonly entity: Entity; readonly columns: readonly string[] }
  | { readonly kind: Renaming; readonly from: Entity; readonly to: Entity }
  /** `relations`: of a table, the names of its indexes and keys, which move along. */
  | { readonly kind: "move_table" | "move_enum" | "move_sequence" | "move_view"; readonly from: Entity; readonly to: Entity; readonly relations: readonly string[] }
  | { readonly kind: "rename_constraint"; readonly from: Entity; readonly to: Entity; readonly columns: readonly string[] }
  | { readonly kind: "alter_enum" | "recreate_index" | "recreate_fk" | "alter_unique" | "alter_sequence" | "alter_policy" | "recreate_policy" | "alter_rls" | "alter_view"; readonly from: Entity; readonly to: Entity }
  | { readonly kind: "alter_role"; readonly from: Entity; readonly to: Entity; readonly fields: ReadonlySet<string> }
  | { readonly kind: "recreate_enum"; readonly from: Entity; readonly to: Entity; readonly columns: readonly EnumColumn[] }
  | { readonly kind: "alter_column"; readonly from: Entity; readonly to: Entity; readonly fields: ReadonlySet<string>; readonly isEnum: boolean; readonly wasEnum: boolean }
  | { readonly kind: "recreate_column"; readonly from: Entity; readonly to: Entity }
  | { readonly kind: "alter_pk"; readonly from: Entity; readonly to: Entity; readonly columnDropped: boolean }
  | { readonly kind: "alter_check"; readonly from: Entity; readonly to: Entity; readonly oldColumns: readonly string[]; readonly newColumns: readonly string[] };

/** No conflict where both branches make the same of it, the kit's own words for it included. */
export type Repeatable = Change & { readonly kind: "alter_column" | "recreate_column" | "recreate_index" | "alter_pk" | "recreate_fk" | "alter_unique" | "alter_check" | "recreate_enum" | "alter_sequence" | "alter_policy" | "recreate_policy" | "alter_rls" | "alter_role" | "alter_view" };

/** A column of a type that is made anew, as it was, and the default it gets. */
export interface EnumColumn {
  readonly column: Entity;
  readonly defaultAfter: unknown;
}

interface Pair {
  readonly from: Entity;
  readonly to: Entity;
  readonly fields: ReadonlySet<string>;
}

/** `before` has the `renames` made already. */
export function changesBetween(before: Entities, after: Entities, renames: readonly Rename[]): readonly Change[] {
  const created = (type: string): readonly Entity[] => [...after].flatMap(([key, one]) => (one.entityType === type && !before.has(key) ? [one] : []));
  const dropped = (type: string): readonly Entity[] => [...before].flatMap(([key, one]) => (one.entityType === type && !after.has(key) ? [one] : []));
  const altered = (type: string): readonly Pair[] => [...before].flatMap(([key, from]): readonly Pair[] => {
    const to = after.get(key);
    if (from.entityType !== type || !to) return [];
    const fields = Object.keys({ ...from, ...to }).filter((field) => !same(from[field], to[field]));
    return fields.length > 0 ? [{ from, to, fields: new Set(fields) }] : [];
  });
  const tablesMade = created("tables"), tablesGone = dropped("tables");
  const among = (tables: readonly Entity[], schema: string, name: string): boolean => tables.some((table) => text(table, "schema") === schema && text(table, "name") === name);
  const madeApart = (one: Entity): boolean => !among(tablesMade, text(one, "schema"), text(one, "table"));
  const goneApart = (one: Entity): boolean => !among(tablesGone, text(one, "schema"), text(one, "table"));
  const parts = (type: string) => byTable(created(type), dropped(type));
  const of = (kind: Plain, entities: readonly Entity[]): readonly Change[] => entities.map((entity): Change => ({ kind, entity }));
  // The kit has a table renamed before it is moved, types and sequences afterwards.
  const renamedOf = (kind: Renaming, type: string): readonly Change[] => renames.filter(({ from, to }) => from.entityType === type && from["name"] !== to["name"]).map(({ from, to }): Change => (kind === "rename_table" ? { kind, from, to: { ...to, schema: from["schema"] } } : { kind, from: { ...from, schema: to["schema"] }, to }));
  const movedOf = (kind: "move_table" | "move_enum" | "move_sequence" | "move_view", type: string): readonly Change[] => renames.filter(({ from, to }) => from.entityType === type && from["schema"] !== to["schema"]).map(({ from, to }): Change => ({
    kind, from: kind === "move_table" ? { ...from, name: to["name"] } : from, to: kind === "move_table" ? to : { ...to, name: kind === "move_sequence" ? from["name"] : to["name"] },
    relations: kind === "move_table" ? [...before.values()].filter((one) => ["indexes", "pks", "uniques"].includes(one.entityType) && one["schema"] === to["schema"] && one["table"] === to["name"]).map((one) => text(one, "name")).sort() : [],
  }));
  const constraintRenamed = (type: string): readonly Change[] => renames.filter(({ from }) => from.entityType === type).map(({ from, to }): Change => ({ kind: "rename_constraint", from, to, columns: type === "checks" ? namedIn(to, after) : texts(to, "columns") }));
  const [columns, keys, uniques, checks, indexes, foreignKeys] = [parts("columns"), parts("pks"), parts("uniques"), parts("checks"), parts("indexes"), parts("fks")];

  const isAnew = ({ fields }: Pair): boolean => fields.has("definition") || fields.has("materialized");
  const viewsAnew = altered("views").filter(isAnew);
  const columnsGone = columns.gone;
  const recreatedTypes = altered("enums").flatMap(({ from, to }): readonly (Change & { readonly kind: "recreate_enum" })[] => (keepsValues(texts(from, "values"), texts(to, "values")) ? [] : [{ kind: "recreate_enum", from, to, columns: columnsOfType(from, before, after) }]));
  const alteredColumns = altered("columns").map(effective).filter(({ fields }) => fields.size > 0);
  const recreatedColumns = alteredColumns.filter(({ fields, to }) => fields.has("generated") && to["generated"] !== null);
  const changedColumns = alteredColumns.filter((one) => !recreatedColumns.includes(one)).map((one) => ({ ...one, fields: new Set([...one.fields].filter((field) => !isImplied(field, one.to, after, recreatedTypes))) })).filter(({ fields }) => fields.size > 0);

  const indexPairs = altered("indexes");
  const moved = indexPairs.filter(({ fields }) => fields.has("table"));
  const remade = indexPairs.filter(({ fields }) => !fields.has("table") && ["isUnique", "method", "with", "columns", "where"].some((field) => fields.has(field)));
  const losesColumn = ({ from }: Pair): boolean => columnsGone.some((column) => column["schema"] === from["schema"] && column["table"] === from["table"] && keysOf(from).some(({ value }) => value === column["name"]));
  const touching = (type: string, { to }: Pair): readonly Entity[] => [...after.values()].filter((one) => one.entityType === type && one["schema"] === to["schema"] && one["table"] === to["table"] && (type === "indexes" ? keysOf(one).some(({ value }) => value === to["name"]) : texts(one, "columns").includes(text(to, "name"))));
  const referring = ({ to }: Pair): readonly Entity[] => [...after.values()].filter((one) => one.entityType === "fks" && one["schemaTo"] === to["schema"] && one["tableTo"] === to["table"] && texts(one, "columnsTo").includes(text(to, "name")));
  const keysOnRecreated = once(recreatedColumns.flatMap((one) => [...touching("fks", one), ...referring(one)]));
  const keysBetween = keysOnRecreated.filter((one) => !foreignKeys.made.includes(one));
  const indexesMade = once([...indexes.made, ...moved.map(({ to }) => to), ...remade.filter(losesColumn).map(({ to }) => to), ...recreatedColumns.flatMap((one) => touching("indexes", one))]);
  const uniquesMade = once([...uniques.made.filter(madeApart), ...recreatedColumns.flatMap((one) => touching("uniques", one))]);
  const fksGone = foreignKeys.gone.filter((one) => goneApart(one) || (one["table"] !== one["tableTo"] && among(tablesGone, text(one, "schemaTo"), text(one, "tableTo"))));

  return [
    ...of("create_schema", created("schemas")),
    ...renamedOf("rename_schema", "schemas"),
    ...of("create_enum", created("enums")),
    ...movedOf("move_enum", "enums"),
    ...renamedOf("rename_enum", "enums"),
    ...altered("enums").filter(({ to }) => !recreatedTypes.some((one) => one.to === to)).map(({ from, to }): Change => ({ kind: "alter_enum", from, to })),
    ...of("create_sequence", created("sequences")),
    ...movedOf("move_sequence", "sequences"),
    ...renamedOf("rename_sequence", "sequences"),
    ...altered("sequences").map(({ from, to }): Change => ({ kind: "alter_sequence", from, to })),
    ...renamedOf("rename_role", "roles"),
    ...of("create_role", created("roles")),
    ...altered("roles").map(({ from, to, fields }): Change => ({ kind: "alter_role", from, to, fields })),
    ...tablesMade.map((entity): Change => {
      const inIt = (type: string): readonly Entity[] => [...after.values()].filter((one) => one.entityType === type && one["schema"] === entity["schema"] && one["table"] === entity["name"]);
      return { kind: "create_table", entity, columns: inIt("columns"), key: inIt("pks")[0], uniques: inIt("uniques") };
    }),
    ...of("drop_view", dropped("views")),
    ...renamedOf("rename_view", "views"),
    ...movedOf("move_view", "views"),
    ...of("drop_view", viewsAnew.map(({ from }) => from)),
    ...altered("views").filter((one) => !isAnew(one) && !(one.fields.size === 1 && one.fields.has("using") && one.from["using"] === "heap" && one.to["using"] === null)).map(({ from, to }): Change => ({ kind: "alter_view", from, to })),
    ...renamedOf("rename_table", "tables"),
    ...of("drop_fk", [...fksGone, ...keysBetween]),
    ...of("drop_table", tablesGone),
    ...movedOf("move_table", "tables"),
    ...renamedOf("rename_column", "columns"),
    ...of("drop_unique", uniques.gone.filter(goneApart)),
    ...checks.gone.filter(goneApart).map((entity): Change => ({ kind: "drop_check", entity, columns: namedIn(entity, before) })),
    ...constraintRenamed("checks"),
    ...renamedOf("rename_index", "indexes"),
    ...of("drop_index", [...indexes.gone, ...moved.map(({ from }) => from)].filter(goneApart)),
    ...of("drop_pk", keys.gone.filter(goneApart)),
    ...constraintRenamed("fks"),
    ...of("add_column", columns.made.filter(madeApart)),
    ...of("add_pk", keys.made.filter(madeApart)),
    ...constraintRenamed("pks"),
    ...recreatedTypes,
    ...recreatedColumns.map(({ from, to }): Change => ({ kind: "recreate_column", from, to })),
    ...of("drop_column", columnsGone.filter(goneApart)),
    ...altered("pks").filter(({ fields }) => fields.has("columns")).map(({ from, to }): Change => ({ kind: "alter_pk", from, to, columnDropped: columnsGone.some((column) => texts(from, "columns").includes(text(column, "name"))) })),
    ...changedColumns.map(({ from, to, fields }): Change => ({ kind: "alter_column", from, to, fields, isEnum: typed(to, after), wasEnum: ["type", "typeSchema", "dimensions"].some((field) => fields.has(field)) && typed(from, before) })),
    ...remade.filter((one) => !losesColumn(one)).map(({ from, to }): Change => ({ kind: "recreate_index", from, to })),
    ...constraintRenamed("uniques"),
    ...of("add_unique", uniquesMade),
    ...altered("uniques").filter(({ fields }) => notOnlyNaming(fields)).map(({ from, to }): Change => ({ kind: "alter_unique", from, to })),
    ...of("create_index", indexesMade),
    ...of("create_fk", [...foreignKeys.made, ...keysBetween]),
    ...altered("fks").filter(({ fields, to }) => notOnlyNaming(fields) && !keysOnRecreated.includes(to)).map(({ from, to }): Change => ({ kind: "recreate_fk", from, to })),
    ...checks.made.filter(madeApart).map((entity): Change => ({ kind: "add_check", entity, columns: namedIn(entity, after) })),
    ...altered("checks").filter(({ fields }) => fields.has("value")).map(({ from, to }): Change => ({ kind: "alter_check", from, to, oldColumns: namedIn(from, after), newColumns: namedIn(to, after) })),
    ...altered("tables").filter(({ fields }) => fields.has("isRlsEnabled")).map(({ from, to }): Change => ({ kind: "alter_rls", from, to })),
    ...of("create_view", [...created("views"), ...viewsAnew.map(({ to }) => to)]),
    ...renamedOf("rename_policy", "policies"),
    ...of("drop_policy", dropped("policies")),
    ...of("create_policy", created("policies")),
    ...altered("policies").map(({ from, to, fields }): Change => ({ kind: fields.has("for") || fields.has("as") ? "recreate_policy" : "alter_policy", from, to })),
    ...of("drop_role", dropped("roles")),
    ...of("drop_enum", dropped("enums")),
    ...of("drop_sequence", dropped("sequences")),
    ...of("drop_schema", dropped("schemas")),
  ];
}

export const keysOf = (index: Entity): readonly IndexKey[] => index["columns"] as readonly IndexKey[];
export const isSerial = (type: string): boolean => /^(?:small|big)?serial$/i.test(type);
const once = (entities: readonly Entity[]): readonly Entity[] => [...new Set(entities)];
const notOnlyNaming = (fields: ReadonlySet<string>): boolean => [...fields].some((field) => field !== "nameExplicit");

/** Of values as JSON has them; the order of an object's fields means nothing. */
function same(a: unknown, b: unknown): boolean {
  if (a === b || typeof a !== "object" || typeof b !== "object" || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return a === b;
  const [left, right] = [a, b] as [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>];
  return Object.keys({ ...left, ...right }).every((field) => same(left[field], right[field]));
}

/** Table by table, in the order in which tables first occur among what is made, then among what is gone. */
function byTable(made: readonly Entity[], gone: readonly Entity[]): { readonly made: readonly Entity[]; readonly gone: readonly Entity[] } {
  const table = (one: Entity): string => JSON.stringify([one["schema"], one["table"]]);
  const tables = [...new Set([...made, ...gone].map(table))];
  const sorted = (entities: readonly Entity[]): readonly Entity[] => [...entities].sort((a, b) => tables.indexOf(table(a)) - tables.indexOf(table(b)));
  return { made: sorted(made), gone: sorted(gone) };
}

/** The columns of the check's table whose names occur in its text, in the order in which they do. */
function namedIn(check: Entity, entities: Entities): readonly string[] {
  const words = [...text(check, "value").matchAll(/"([^"]+)"|([A-Za-z_][A-Za-z0-9_$]*)/g)].map(([, quoted, plain]) => quoted ?? plain!);
  return [...new Set(words)].filter((name) => entities.has(keyOf({ entityType: "columns", schema: check["schema"], table: check["table"], name })));
}

/** The old values all stand among the new ones, in their order: the type need not be made anew. */
function keepsValues(from: readonly string[], to: readonly string[]): boolean {
  return same(to.filter((value) => from.includes(value)), from);
}

function columnsOfType(type: Entity, before: Entities, after: Entities): readonly EnumColumn[] {
  return [...before].flatMap(([key, column]): readonly EnumColumn[] => {
    const later = after.get(key);
    if (column.entityType !== "columns" || column["type"] !== type["name"] || !later) return [];
    const schema = column["typeSchema"] ?? (later["type"] === column["type"] ? later["typeSchema"] : null);
    return schema === type["schema"] ? [{ column: { ...column, typeSchema: schema }, defaultAfter: later["default"] }] : [];
  });
}

function typed(column: Entity, entities: Entities): boolean {
  return entities.has(keyOf({ entityType: "enums", schema: column["typeSchema"] ?? "public", name: column["type"] }));
}

/** Without what is only written in another way. */
function effective(pair: Pair): Pair {
  const { from, to } = pair;
  const fields = new Set(pair.fields);
  const [was, is] = [from["default"], to["default"]];
  if (fields.has("default") && typeof was === "string" && typeof is === "string" && (sameJson(from, to) || (!fields.has("type") && (was === `(${is})` || is === `(${was})`)))) fields.delete("default");
  if (!fields.has("type") && fields.has("typeSchema") && (from["typeSchema"] === null || to["typeSchema"] === null)) fields.delete("typeSchema");
  return { from, to, fields };
}

function sameJson(from: Entity, to: Entity): boolean {
  if (from["type"] !== to["type"] || !["json", "jsonb"].includes(text(from, "type"))) return false;
  const [was, is] = [from, to].map((column) => text(column, "default").replace(/^'/, "").replace(/'$/, ""));
  try {
    return same(JSON.parse(was!), JSON.parse(is!));
  } catch {
    return false;
  }
}

/** What another part of the change brings with it: NOT NULL with a key, an identity or a generated column, a default with its type. */
function isImplied(field: string, column: Entity, after: Entities, recreatedTypes: readonly { readonly columns: readonly EnumColumn[] }[]): boolean {
  if (field === "default") return recreatedTypes.some(({ columns }) => columns.some((one) => keyOf(one.column) === keyOf(column)));
  if (field !== "notNull") return false;
  return (column["notNull"] === true && Boolean(column["generated"] ?? column["identity"])) || [...after.values()].some((one) => one.entityType === "pks" && one["schema"] === column["schema"] && one["table"] === column["table"] && texts(one, "columns").includes(text(column, "name")));
}
