// A Drizzle schema as drizzle-orm itself sees it, as a model: executed in this process, so that comparing rests on no reading of ours.
import { transformSync } from "esbuild";
import type { Expression, SchemaModel, Table } from "../../../server/src/model/schema";

/** The model of a PostgreSQL schema without imports of its own; it has no places. */
export function executed(text: string, id = "schema.ts"): SchemaModel {
  const { is, SQL, getTableColumns } = require("drizzle-orm") as typeof import("drizzle-orm");
  const pg = require("drizzle-orm/pg-core") as typeof import("drizzle-orm/pg-core");
  const dialect = new pg.PgDialect();
  const module = { exports: {} as Record<string, unknown> };
  new Function("module", "exports", "require", transformSync(text, { loader: "ts", format: "cjs", target: "node20" }).code)(module, module.exports, require);
  const sql = (value: unknown): Expression => ({ sql: dialect.sqlToQuery(value as any).sql, columns: [], complete: true });
  const literal = (value: unknown): Expression => ({ sql: typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : typeof value === "object" ? `'${JSON.stringify(value)}'::jsonb` : String(value), columns: [], complete: true });
  const tables = Object.values(module.exports).filter((value) => is(value, pg.PgTable)).map((value): Table => {
    const table = value as import("drizzle-orm/pg-core").PgTable;
    const config = pg.getTableConfig(table);
    const name = (column: unknown): string => (column as { name: string }).name;
    const properties = new Map(Object.entries(getTableColumns(table)).map(([property, column]) => [column.name, property]));
    const primary = config.primaryKeys[0]?.columns ?? config.columns.filter((column) => column.primary);
    return {
      name: { schema: config.schema ?? "public", name: config.name }, property: config.name, checks: [], relations: [], complete: true,
      columns: config.columns.map((column) => {
        const type = column.getSQLType();
        const enumeration = is(column, pg.PgEnumColumn) ? { enum: { schema: "public", name: column.enum.enumName } } : {};
        const generated = column.generatedIdentity ? "identity" as const : /serial/.test(type) ? "serial" as const : column.defaultFn ? "client" as const : undefined;
        return {
          name: column.name, property: properties.get(column.name)!, type: { name: type, ...enumeration }, nullable: !column.notNull,
          ...(generated ? { generated } : {}),
          ...(column.default === undefined ? {} : { default: is(column.default, SQL) ? sql(column.default) : literal(column.default) }),
        };
      }),
      ...(primary.length > 0 ? { primaryKey: { columns: primary.map(name) } } : {}),
      uniques: [...config.uniqueConstraints.map((unique) => ({ name: unique.name!, columns: unique.columns.map(name) })), ...config.columns.filter((column) => column.isUnique).map((column) => ({ name: column.uniqueName!, columns: [column.name] }))],
      foreignKeys: config.foreignKeys.map((key) => {
        const { columns, foreignColumns, foreignTable } = key.reference();
        const target = pg.getTableConfig(foreignTable);
        return { columns: columns.map(name), references: { table: { schema: target.schema ?? "public", name: target.name }, columns: foreignColumns.map(name) }, onDelete: key.onDelete ?? "no action", onUpdate: key.onUpdate ?? "no action", enforced: true };
      }),
      indexes: config.indexes.map(({ config: index }) => ({
        ...(index.name === undefined ? {} : { name: index.name }), method: index.method ?? "btree", unique: index.unique, include: [],
        keys: index.columns.map((key) => (is(key, SQL) ? { expression: sql(key), order: "asc" as const } : { column: name(key), order: (key as any).indexConfig?.order ?? "asc" })),
        ...(index.where ? { where: sql(index.where) } : {}),
      })),
    };
  });
  const enums = Object.values(module.exports).filter((value) => pg.isPgEnum(value)).map((value) => ({ name: { schema: "public", name: (value as { enumName: string }).enumName }, values: (value as { enumValues: string[] }).enumValues }));
  return { id, source: "drizzle", dialect: "postgresql", tables, enums };
}
