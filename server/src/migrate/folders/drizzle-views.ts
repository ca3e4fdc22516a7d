// Views in the snapshots of drizzle-kit 0.31 and 1.0. Only those that the code declares are its own: what stands in a
// database beside them was made by hand.
import { postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import type { SchemaModel, Table, View } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import { keyOf, text, type Entity } from "./drizzle-entities";

/** What a migration from `before` to `after` makes of the views that are recorded. */
export interface RecordedViews {
  /** By name, as `schema.view`. */
  readonly gone: readonly View[];
  /** As they are from now on. */
  readonly now: readonly View[];
}

export function recordedViews(before: SchemaModel, after: SchemaModel): RecordedViews {
  const stays = new Set([...(after.views ?? []), ...(after.unmodelled ?? [])].map(({ name }) => tableKey(name)));
  return { gone: (before.views ?? []).filter(({ name }) => !stays.has(tableKey(name))), now: (after.views ?? []).filter(({ columns, ormVersion }) => columns !== undefined || ormVersion !== undefined) };
}

/** The name that 0.31 keeps a view under. */
export function viewKey({ name }: View): string {
  return `${name.schema ?? "public"}.${name.name}`;
}

/** As 0.31 has it. `columnOf` records a column of a table. */
export function viewSnapshot(view: View, columnOf: (column: NonNullable<View["columns"]>[number], table: Table) => Record<string, unknown>): Record<string, unknown> {
  const { name, definition, existing = false, materialized, withNoData, using, tablespace, columns = [], key = [] } = view;
  const table: Table = { name, property: name.name, columns, uniques: [], foreignKeys: [], indexes: [], checks: [], relations: [], complete: true };
  return {
    columns: Object.fromEntries(columns.map((column) => [column.name, { ...columnOf(column, table), primaryKey: key.includes(column.name) }])),
    ...(!existing && { definition }), name: name.name, schema: name.schema ?? "public", isExisting: existing,
    ...(view.options && { with: Object.fromEntries(Object.entries(view.options).map(([option, value]) => [camelCase(option), typed(value)])) }),
    ...(withNoData && { withNoData }), materialized, ...(tablespace !== undefined && { tablespace }), ...(using !== undefined && { using }),
  };
}

/** In the order in which 1.0 lists them. */
const optionNames = [
  "check_option", "security_barrier", "security_invoker", "autovacuum_enabled", "autovacuum_freeze_max_age", "autovacuum_freeze_min_age", "autovacuum_freeze_table_age", "autovacuum_multixact_freeze_max_age",
  "autovacuum_multixact_freeze_min_age", "autovacuum_multixact_freeze_table_age", "autovacuum_vacuum_cost_delay", "autovacuum_vacuum_cost_limit", "autovacuum_vacuum_scale_factor", "autovacuum_vacuum_threshold",
  "fillfactor", "log_autovacuum_min_duration", "parallel_workers", "toast_tuple_target", "user_catalog_table", "vacuum_index_cleanup", "vacuum_truncate",
];

/** As 1.0 has it, which records nothing of a view that somebody else makes. */
export function viewEntity({ name, definition, materialized, withNoData, using, tablespace, options }: View): Entity {
  return {
    schema: name.schema ?? "public", name: name.name, definition,
    with: options ? Object.fromEntries(optionNames.map((option) => [camelCase(option), options[option] === undefined ? null : typed(options[option])])) : null,
    withNoData: withNoData ?? null, using: using ?? null, tablespace: tablespace ?? null, materialized, entityType: "views",
  };
}

/** `entities` with the views as they are after a migration. */
export function withViews(entities: Map<string, Entity>, before: SchemaModel, after: SchemaModel): void {
  const { gone, now } = recordedViews(before, after);
  for (const view of gone) entities.delete(keyOf(viewEntity(view)));
  for (const view of now) if (!view.existing) entities.set(keyOf(viewEntity(view)), viewEntity(view));
}

type Options = Readonly<Record<string, unknown>> | null;

/** What 1.0 runs to alter one: the text is only hashed. */
export function alteredViewSql(from: Entity, to: Entity): readonly string[] {
  const view = `${to["materialized"] === true ? "MATERIALIZED VIEW" : "VIEW"} ${tableName({ schema: text(to, "schema"), name: text(to, "name") }, postgres)}`;
  const [had, has] = [(from["with"] ?? {}) as NonNullable<Options>, (to["with"] ?? {}) as NonNullable<Options>];
  const differs = JSON.stringify(from["with"]) !== JSON.stringify(to["with"]);
  const set = differs ? Object.entries(has).filter(([name, value]) => value !== null && (had[name] ?? null) !== value).map(([name, value]) => `${snakeCase(name)} = ${String(value)}`) : [];
  const reset = differs ? Object.entries(had).filter(([name, value]) => value !== null && (has[name] ?? null) === null).map(([name]) => snakeCase(name)) : [];
  return [
    ...(set.length > 0 ? [`ALTER ${view} SET (${set.join(", ")});`] : []),
    ...(reset.length > 0 ? [`ALTER ${view} RESET (${reset.join(", ")});`] : []),
    ...(from["tablespace"] === to["tablespace"] ? [] : [`ALTER ${view} SET TABLESPACE "${String(to["tablespace"] ?? "pg_default")}";`]),
    ...(from["using"] === to["using"] ? [] : [`ALTER ${view} SET ACCESS METHOD "${String(to["using"] ?? "heap")}";`]),
  ];
}

function camelCase(option: string): string {
  return option.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function snakeCase(option: string): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** An option's value as JSON has it. */
export function typed(value: string): string | number | boolean {
  return value === "true" ? true : value === "false" ? false : value !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
}
