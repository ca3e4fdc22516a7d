// The real drizzle-orm as the judge: the same schema executed, by 0.45 and by 1.0, and read statically.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import ts from "typescript";
import { readFiles } from "./memory-files";

const require = createRequire(__filename);

interface OrmColumn { name: string; notNull: boolean; primary: boolean; isUnique: boolean; keyAsName?: boolean; dimensions?: number; getSQLType(): string }
interface OrmConfig {
  name: string;
  schema?: string;
  columns: OrmColumn[];
  indexes: { config: { name?: string; columns: { name?: string; indexConfig?: { order?: string } }[]; unique: boolean; where?: unknown; method?: string; using?: string } }[];
  foreignKeys: { reference(): { columns: OrmColumn[]; foreignColumns: (OrmColumn & { table: object })[] }; onDelete?: string; onUpdate?: string }[];
  uniqueConstraints: { columns: OrmColumn[] }[];
  primaryKeys: { columns: OrmColumn[] }[];
  checks: { name: string }[];
}

/** Runs a schema's own text: this is our test's code, not a project's. */
function execute(source: string, orm: "drizzle-orm" | "drizzle-orm-v1"): Record<string, unknown> {
  const { outputText } = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exported: Record<string, unknown> = {};
  new Function("require", "exports", "module", outputText)((name: string) => require(name.replace(/^drizzle-orm/, orm)), exported, { exports: exported });
  return exported;
}

const tableName = (orm: string, table: object): string => (require(orm) as { getTableName(table: object): string }).getTableName(table);

/** What the model and Drizzle agree upon, in one shape. */
function executed(source: string, orm: "drizzle-orm" | "drizzle-orm-v1", core: string): unknown {
  const { getTableConfig } = require(`${orm}/${core}`) as { getTableConfig(table: unknown): OrmConfig };
  const { is, Table } = require(orm) as { is(value: unknown, type: unknown): boolean; Table: unknown };
  return [...new Set(Object.values(execute(source, orm)).filter((value) => is(value, Table)))].map((table) => {
    const config = getTableConfig(table);
    const inline = config.columns.filter((column) => column.primary).map((column) => column.name);
    return {
      name: `${config.schema ?? ""}.${config.name}`,
      columns: config.columns.map((column) => `${column.name} ${typeOf(column.getSQLType(), core)}${orm === "drizzle-orm" ? "" : "[]".repeat(column.dimensions ?? 0)}${column.notNull ? " not null" : ""}`),
      primaryKey: config.primaryKeys.at(-1)?.columns.map((column) => column.name) ?? inline,
      uniques: [...config.columns.filter((column) => column.isUnique).map((column) => column.name), ...config.uniqueConstraints.map((one) => one.columns.map((column) => column.name).join())].sort(),
      indexes: config.indexes.map(({ config: one }) => `${one.name ?? ""} ${one.unique} ${one.method ?? one.using ?? "btree"} ${one.columns.map((column) => (column.name ?? "?") + (column.indexConfig?.order === "desc" ? " desc" : "")).join()} ${one.where !== undefined}`),
      foreignKeys: config.foreignKeys.map((key) => { const { columns, foreignColumns } = key.reference(); return `${columns.map((column) => column.name).join()} ${tableName(orm, foreignColumns[0]!.table)} ${foreignColumns.map((column) => column.name).join()} ${key.onDelete ?? "no action"} ${key.onUpdate ?? "no action"}`; }).sort(),
      checks: config.checks.map((one) => one.name),
    };
  });
}

/** Drizzle's spelling of PostgreSQL's types as format_type's: written apart from the source's own table. */
function typeOf(type: string, core: string): string {
  if (core !== "pg-core") return type;
  return type.replace(/^varchar/, "character varying").replace(/^char$/, "character(1)").replace(/^char\(/, "character(").replace(/^bigserial$/, "bigint").replace(/^smallserial$/, "smallint").replace(/^serial$/, "integer")
    .replace(/^(time(?:stamp)?)(?: ?(\(\d+\)))?( with time zone)?/, (_, name: string, precision = "", zone = " without time zone") => name + (precision as string) + (zone as string))
    .replace(/^numeric\((\d+)\)$/, "numeric($1,0)").replace(/, /g, ",").replace(/^geometry\(point\)$/, "geometry(Point)").replace(/\[\d+\]/g, "[]");
}

function statically(source: string, version: string): unknown {
  const reading = readFiles({ "schema.ts": source, "package.json": JSON.stringify({ dependencies: { "drizzle-orm": version } }) });
  assert.deepEqual(reading.problems, []);
  return reading.model.tables.map((table) => ({
    name: `${table.name.schema === "public" || table.name.schema === null ? "" : table.name.schema}.${table.name.name}`,
    columns: table.columns.map((column) => `${column.name} ${column.type.enum ? column.type.enum.name : column.type.name}${column.nullable ? "" : " not null"}`),
    primaryKey: table.primaryKey?.columns ?? [],
    uniques: table.uniques.map((one) => one.columns.join()).sort(),
    indexes: table.indexes.map((index) => `${index.name ?? ""} ${index.unique} ${index.method} ${index.keys.map((key) => (key.column ?? "?") + (key.order === "desc" ? " desc" : "")).join()} ${index.where !== undefined}`),
    foreignKeys: table.foreignKeys.filter((key) => key.enforced).map((key) => `${key.columns.join()} ${key.references.table.name} ${key.references.columns.join()} ${key.onDelete} ${key.onUpdate}`).sort(),
    checks: table.checks.map((check) => check.name),
  }));
}

const postgres = `
import { sql, desc, eq, isNull, relations, type SQL } from "drizzle-orm";
import * as pg from "drizzle-orm/pg-core";
import { bigint, bigserial, boolean, char, check, cidr, customType, date, doublePrecision, foreignKey, geometry, halfvec, index, inet, integer, interval, json, jsonb, line, macaddr, macaddr8, numeric, pgEnum, pgPolicy, pgSchema, pgTable, pgTableCreator, point, primaryKey, real, serial, smallint, smallserial, text, time, timestamp, unique, uniqueIndex, uuid, varchar, vector, bit, sparsevec } from "drizzle-orm/pg-core";

const role = pgEnum("role", ["admin", "user"]);
const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });
export const types = pgTable("types", {
  a: bigint({ mode: "number" }), b: bigserial({ mode: "bigint" }), c: boolean(), d: char({ length: 3 }), d1: char(), e: cidr(), f: date(), g: doublePrecision(), h: inet(), i: integer(),
  j: interval(), j1: interval({ fields: "day to second", precision: 3 }), k: json(), l: jsonb(), m: line(), n: macaddr(), o: macaddr8(), p: numeric(), p1: numeric({ precision: 8 }), p2: numeric({ precision: 8, scale: 3 }),
  q: point(), r: real(), s: serial(), t: smallint(), u: smallserial(), v: text(), w: time(), w1: time({ precision: 2, withTimezone: true }), x: timestamp(), x1: timestamp({ precision: 3, withTimezone: true }),
  x2: timestamp({ mode: "string", precision: 0 }), y: uuid(), z: varchar(), z1: varchar({ length: 20 }), aa: vector({ dimensions: 3 }), ab: bit({ dimensions: 4 }), ac: halfvec({ dimensions: 2 }), ad: sparsevec({ dimensions: 9 }),
  ae: geometry(), af: role(), ag: bytes(), ah: text().array(), ai: varchar({ length: 5 }).array().notNull(), aj: integer().generatedByDefaultAsIdentity(),
});

const stamps = { createdAt: timestamp("created_at").notNull().defaultNow(), updatedAt: timestamp("updated_at").$onUpdate(() => new Date()) };
const owned = (name: string, nullable = false) => ({ ownerId: nullable ? uuid(name).references(() => users.id, { onDelete: "set null" }) : uuid(name).notNull().references(() => users.id, { onDelete: "cascade", onUpdate: "restrict" }) });
export const users = pgTable("users", { id: uuid("id").defaultRandom().primaryKey(), email: text("email").notNull().unique(), managerId: uuid("manager_id").references((): pg.AnyPgColumn => users.id), ...stamps }, (t) => [
  uniqueIndex("users_lower").on(sql\`lower(\${t.email})\`), index("users_created").on(t.createdAt.desc(), t.id), index().on(t.managerId).where(isNull(t.updatedAt)), pgPolicy("own", { for: "select" }),
]);
const table = pgTableCreator((name) => \`app_\${name}\`);
export const notes = table("notes", { id: serial().primaryKey().unique(), ...owned("owner_id"), ...stamps }, (t) => ({ byOwner: index("notes_owner").using("hash", t.ownerId), positive: check("positive", sql\`\${t.id} > 0\`) }));
const auth = pgSchema("auth");
export const sessions = auth.table("sessions", ({ uuid, text, integer }) => ({ a: uuid().notNull(), b: integer().notNull(), kind: text({ enum: ["x"] }), ...owned("user", true) }), (t) => [
  primaryKey({ columns: [t.a, t.b] }), unique("once").on(t.kind, t.b).nullsNotDistinct(), ...["a", "b"].map((name) => index(\`sessions_\${name}\`).on(t[name as "a"])),
]);
export const parts = pgTable("parts", { a: uuid(), b: integer(), tags: jsonb() }, (t) => {
  const columns = [t.a, t.b] as [typeof t.a, typeof t.b];
  return [foreignKey({ columns, foreignColumns: [sessions.a, sessions.b], name: "parts_fk" }).onDelete("cascade"), index("tags").using("gin", t.tags.op("jsonb_path_ops")), index("desc").on(desc(t.a))];
});
class Model { readonly table; constructor(name: string, readonly soft: boolean = true) { this.table = pgTable(name, { id: uuid().primaryKey(), ...this.more() }); } more() { return this.soft ? { deletedAt: timestamp("deleted_at") } : {}; } }
export const [first, second] = [new Model("first").table, new Model("second", false).table];
export const usersRelations = relations(users, ({ many }) => ({ notes: many(notes) }));
`;

const mysql = `
import { sql } from "drizzle-orm";
import { bigint, binary, boolean, char, date, datetime, decimal, double, float, foreignKey, index, int, json, longtext, mediumint, mediumtext, mysqlEnum, mysqlTable, mysqlTableCreator, primaryKey, real, serial, smallint, text, time, timestamp, tinyint, tinytext, unique, uniqueIndex, varbinary, varchar, year } from "drizzle-orm/mysql-core";
export const types = mysqlTable("types", { a: bigint({ mode: "number", unsigned: true }), b: binary({ length: 3 }), c: boolean(), d: char({ length: 2 }), e: date(), f: datetime({ fsp: 3 }), g: decimal(), g1: decimal({ precision: 6 }), g2: decimal({ precision: 6, scale: 2, unsigned: true }), h: double({ precision: 5, scale: 1 }), i: float(), j: int({ unsigned: true }).autoincrement(),
  k: json(), l: longtext(), m: mediumint(), n: mediumtext(), o: mysqlEnum("o", ["a", "b"]), p: real(), q: serial(), r: smallint(), s: text(), t: time(), u: timestamp({ fsp: 6 }).defaultNow().onUpdateNow(), v: tinyint(), w: tinytext(), x: varbinary({ length: 9 }), y: varchar({ length: 9 }), z: year() });
export const users = mysqlTable("users", { id: int().primaryKey(), email: varchar({ length: 99 }).unique() });
const table = mysqlTableCreator((name) => "x_" + name);
export const posts = table("posts", { a: int("author").notNull().references(() => users.id, { onDelete: "cascade" }), b: int() }, (t) => [primaryKey({ columns: [t.a, t.b], name: "pk" }), index("i").on(t.b, sql\`(\${t.a} + 1)\`), uniqueIndex("u").on(t.b).using("hash"), unique().on(t.a), foreignKey({ columns: [t.b], foreignColumns: [users.id] })]);
`;

const sqlite = `
import { sql } from "drizzle-orm";
import { blob, check, foreignKey, index, int, integer, numeric, primaryKey, real, sqliteTable, sqliteTableCreator, text, unique, uniqueIndex } from "drizzle-orm/sqlite-core";
export const types = sqliteTable("types", { a: integer({ mode: "timestamp_ms" }), b: int({ mode: "boolean" }).notNull(), c: text({ length: 8 }), d: text({ mode: "json" }), e: blob({ mode: "bigint" }), f: real(), g: numeric(), id: integer().primaryKey({ autoIncrement: true }) });
export const posts = sqliteTableCreator((name) => \`p_\${name}\`)("posts", { a: integer("a_id").references(() => types.id, { onUpdate: "cascade" }), b: text() }, (t) => ({ pk: primaryKey({ columns: [t.a, t.b] }), i: index("i").on(t.b).where(sql\`\${t.b} is not null\`), u: unique("u").on(t.b, t.a), c: check("c", sql\`\${t.a} > 1\`), f: foreignKey({ columns: [t.a], foreignColumns: [types.id] }) }));
`;

const newer = `
import { sql } from "drizzle-orm";
import { bytea, index, integer, pgTable, snakeCase, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
export const users = snakeCase.table("users", { userId: uuid().primaryKey(), firstName: text().notNull().array(), "URLPath2": text(), kept: text("asIs"), raw: bytea() });
export const posts = snakeCase.table("posts", { authorId: uuid().references(() => users.userId, { onDelete: "cascade", name: "fk" }), at: timestamp({ withTimezone: true }) }, (t) => [index().on(t.authorId), index("x").on(t.at.desc())]);
export const plain = pgTable.withRLS("plain", { someThing: integer(), v: varchar({ length: 3 }).array("[][]") });
`;

describe("Drizzle: as drizzle-orm builds it", () => {
  const cases = [
    ["PostgreSQL, 0.45", postgres, "drizzle-orm", "pg-core", "^0.45.0"],
    ["MySQL, 0.45", mysql, "drizzle-orm", "mysql-core", "^0.45.0"],
    ["MySQL, 1.0", mysql, "drizzle-orm-v1", "mysql-core", "^1.0.0-rc.5"],
    ["SQLite, 0.45", sqlite, "drizzle-orm", "sqlite-core", "^0.45.0"],
    ["SQLite, 1.0", sqlite, "drizzle-orm-v1", "sqlite-core", "^1.0.0-rc.5"],
    ["PostgreSQL, 1.0", newer, "drizzle-orm-v1", "pg-core", "^1.0.0-rc.5"],
  ] as const;
  for (const [title, source, orm, core, version] of cases)
    it(title, () => assert.deepEqual(statically(source, version), executed(source, orm, core)));
  for (const [orm, version] of [["drizzle-orm", "^0.45.0"], ["drizzle-orm-v1", "^1.0.0-rc.5"]] as const)
    it(`a casing beside the tables, ${version}`, () => {
      const schema = `import { pgTable, text } from "drizzle-orm/pg-core"; export const users = pgTable("users", { firstName: text(), kept: text("asIs"), name2: text() });`;
      const { drizzle } = require(`${orm}/pg-proxy`) as { drizzle(run: () => Promise<object>, options: object): { select(): { from(table: unknown): { toSQL(): { readonly sql: string } } } } };
      const query = drizzle(async () => ({ rows: [] }), { casing: "snake_case" }).select().from(execute(schema, orm)["users"]).toSQL().sql;
      const reading = readFiles({ "schema.ts": schema, "package.json": JSON.stringify({ dependencies: { "drizzle-orm": version } }), "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./schema.ts", casing: "snake_case" };` });
      assert.deepEqual(query, `select ${reading.model.tables[0]!.columns.map(({ name }) => `"${name}"`).join(", ")} from "users"`);
    });
});
