// Each construct that schemas are written with, as small as it can be.
import assert from "node:assert/strict";
import { compare } from "../../../server/src/compare/compare";
import { generate } from "../../../server/src/migrate/generate/generate";
import type { Table } from "../../../server/src/model/schema";
import { indexesOf, keysOf, readFiles, tableOf } from "./memory-files";

const pg = `import { sql, eq, and, isNull, relations } from "drizzle-orm";
import { pgTable, pgTableCreator, pgSchema, pgEnum, text, integer, uuid, varchar, timestamp, numeric, serial, jsonb, boolean, index, uniqueIndex, unique, primaryKey, foreignKey, check, customType, pgPolicy, vector, type AnyPgColumn } from "drizzle-orm/pg-core";
`;

/** Reads schema.ts with the usual imports, and the other files beside it. */
function read(source: string, others: Readonly<Record<string, string>> = {}) {
  return readFiles({ "schema.ts": pg + source, ...others });
}
const types = (source: string): Record<string, string> => Object.fromEntries(tableOf(read(`export const t = pgTable("t", { ${source} });`), "t").columns.map((column) => [column.name, column.type.name]));

describe("Drizzle: columns", () => {
  it("spells types as format_type does", () => {
    assert.deepEqual(types(`a: varchar({ length: 10 }), b: varchar(), c: timestamp({ withTimezone: true, precision: 3 }), d: timestamp(), e: numeric({ precision: 10, scale: 2 }), f: numeric({ precision: 10 }), g: serial(), h: text().array(), i: vector({ dimensions: 3 }), j: text().array().array()`), {
      a: "character varying(10)", b: "character varying", c: "timestamp(3) with time zone", d: "timestamp without time zone", e: "numeric(10,2)", f: "numeric(10,0)", g: "integer", h: "text[]", i: "vector(3)", j: "text[][]",
    });
  });
  it("evaluates custom types", () => {
    const reading = read(`const size = 8; const bits = customType<{ data: string; config: { n: number } }>({ dataType(config) { return \`varchar(\${config!.n * size})\`; } });
export const t = pgTable("t", { a: bits("x", { n: 2 }).notNull(), b: customType({ dataType: () => "timestamptz" })() });`);
    assert.deepEqual(tableOf(reading, "t").columns.map((column) => [column.name, column.type.name, column.nullable]), [["x", "character varying(16)", false], ["b", "timestamp with time zone", true]]);
  });
  it("loses in v0 what stands before .array(), and keeps it in v1", () => {
    const source = { "schema.ts": `${pg}export const t = pgTable("t", { a: text().notNull().array() });` };
    assert.equal(tableOf(readFiles(source), "t").columns[0]!.nullable, true);
    assert.equal(tableOf(readFiles({ ...source, "package.json": `{ "dependencies": { "drizzle-orm": "^1.0.0-rc.5" } }` }), "t").columns[0]!.nullable, false);
  });
  it("takes columns from spreads, helpers, callbacks and identifiers", () => {
    const reading = read(`const base = { id: uuid().primaryKey(), at: timestamp().defaultNow() };
function soft(name = "deleted_at") { return { deletedAt: timestamp(name) }; }
const columns = { ...base, x: text() };
export const a = pgTable("a", { ...base, ...soft(), ...soft("gone").deletedAt && {} });
export const b = pgTable("b", ({ text, uuid: id }) => ({ k: id().primaryKey(), v: text("val") }));
export const c = pgTable("c", columns);
export const d = pgTable("d", (t) => ({ k: t.integer().generatedAlwaysAsIdentity() }));`);
    assert.deepEqual(reading.model.tables.map((table) => table.columns.map((column) => column.name).join()), ["id,at,deleted_at", "k,val", "id,at,x", "k"]);
    assert.deepEqual(tableOf(reading, "d").columns.map((column) => [column.generated, column.nullable]), [["identity", false]]);
  });
  it("reads what an identity counts by, as far as it is not PostgreSQL's default", () => {
    const { columns } = tableOf(read(`import { bigint, smallint } from "drizzle-orm/pg-core"; const step = { increment: 5 };
export const a = pgTable("a", {
  plain: integer().generatedAlwaysAsIdentity({ name: "numbers", startWith: 1, maxValue: "2147483647" }),
  own: bigint({ mode: "bigint" }).generatedByDefaultAsIdentity({ ...step, startWith: 100n, maxValue: "9007199254740993", cycle: true }),
  falling: integer().generatedAlwaysAsIdentity({ increment: -1 }), falls: smallint().generatedAlwaysAsIdentity({ increment: -1 }),
  open: integer().generatedAlwaysAsIdentity({ startWith: Number(process.env.START) }),
  pulled: bigint({ mode: "number" }).generatedByDefaultAsIdentity({ name: "a_id_seq", startWith: 1, increment: 1, minValue: 1, maxValue: 9223372036854775807, cache: 1 }),
});`), "a");
    assert.deepEqual(columns.map(({ name, sequence, sequenceOptions }) => [name, sequence, sequenceOptions]), [
      ["plain", "numbers", undefined], ["own", undefined, { increment: "5", startWith: "100", maxValue: "9007199254740993", cycle: true }],
      ["falling", undefined, { increment: "-1", minValue: "-32768" }], ["falls", undefined, { increment: "-1" }], ["open", undefined, "unread"],
      ["pulled", "a_id_seq", undefined],
    ]);
  });
  it("leaves columns out by the helpers of general libraries", () => {
    const reading = read(`import * as R from "ramda"; import { pick } from "lodash-es"; import omit from "lodash/omit"; const base = { a: uuid(), b: text(), c: text() };
export const t1 = pgTable("t1", { ...R.omit(["a"], base) }); export const t2 = pgTable("t2", pick(base, "a", "c")); export const t3 = pgTable("t3", omit(base, ["b"])); export const t4 = pgTable("t4", R.pick(["b"])(base));`);
    assert.deepEqual(reading.model.tables.map((table) => table.columns.map((column) => column.name).join("")), ["bc", "ac", "ac", "b"]);
    assert.deepEqual(reading.problems, []);
  });
  it("does not let a chain change a shared builder", () => {
    const reading = read(`const id = uuid(); export const a = pgTable("a", { id: id.primaryKey() }); export const b = pgTable("b", { id });`);
    assert.equal(tableOf(reading, "b").primaryKey, undefined);
  });
  it("names columns by the config's casing, keys included", () => {
    const reading = readFiles({
      "drizzle.config.ts": `import { defineConfig } from "drizzle-kit"; const CASING = "snake_case"; export default defineConfig({ dialect: "postgresql", schema: "./schema.ts", casing: CASING });`,
      "schema.ts": `${pg}export const users = pgTable("users", { userId: uuid().primaryKey() });
export const posts = pgTable("posts", { authorId: uuid().references(() => users.userId), kept: text("asIs") }, (t) => [index().on(t.authorId).where(sql\`\${t.authorId} is not null\`)]);`,
    });
    assert.deepEqual(keysOf(tableOf(reading, "posts")), ["author_id -> users(user_id)"]);
    assert.deepEqual(indexesOf(tableOf(reading, "posts")), [`- btree(author_id) where "author_id" is not null`]);
    assert.equal(tableOf(reading, "posts").columns[1]!.name, "asIs");
  });
  it("names columns so too where a file is read that the config's schema only exports", () => {
    const files = {
      "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./index.ts", casing: "snake_case" };`,
      "index.ts": `export * from "./users";`,
      "users.ts": `${pg}export const users = pgTable("users", { userId: uuid().primaryKey() });`,
    };
    assert.deepEqual(tableOf(readFiles(files, "users.ts"), "users").columns.map(({ name }) => name), ["user_id"]);
  });
  it("keeps a column that an unknown helper makes, and says that the table is not complete", () => {
    const reading = read(`import { citext } from "some-package"; export const t = pgTable("t", { email: citext("e_mail").notNull() });`);
    const table = tableOf(reading, "t");
    assert.deepEqual([table.columns[0]!.name, table.columns[0]!.nullable, table.columns[0]!.type.name, table.complete], ["e_mail", false, "unknown", false]);
    assert.match(reading.problems[0]!.message, /"email".*some-package/);
  });
});

const policiesOf = ({ rowSecurity }: Table): readonly string[] =>
  rowSecurity!.policies.map(({ name, as, for: command, to, using, withCheck, complete }) => (complete ? `${name} ${as} ${command} to ${to.join()}${using ? ` using ${using.sql}` : ""}${withCheck ? ` check ${withCheck.sql}` : ""}` : `${name}, not read`));

describe("Drizzle: the third argument", () => {
  it("reads arrays, objects, block bodies, helper results and nothing", () => {
    const reading = read(`const more = (t: { a: never }) => [index("h").on(t.a)];
const wrap = (make) => (t) => [...make(t), unique("u").on(t.a)];
export const t1 = pgTable("t1", { a: text() }, (t) => [index("i").on(t.a), undefined, false && index("no").on(t.a)]);
export const t2 = pgTable("t2", { a: text() }, (t) => ({ i: index("i").on(t.a) }));
export const t3 = pgTable("t3", { a: text() }, (t) => { const name = \`\${t.a.name}_idx\`; return [index(name).on(t.a)]; });
export const t4 = pgTable("t4", { a: text() }, (t) => more(t));
export const t5 = pgTable("t5", { a: text() }, wrap(more));
export const t6 = pgTable("t6", { a: text() }, () => undefined);
export const t7 = pgTable("t7", { a: text() }, (t) => ["a"].map((c) => index(\`\${c}_x\`).on(t[c])));`);
    assert.deepEqual(reading.model.tables.map((table) => indexesOf(table).join()), ["i btree(a)", "i btree(a)", "a_idx btree(a)", "h btree(a)", "h btree(a)", "", "a_x btree(a)"]);
    assert.deepEqual(tableOf(reading, "t5").uniques.map((one) => one.name), ["u"]);
    assert.deepEqual(reading.problems, []);
  });
  it("reads every part of an index", () => {
    const reading = read(`const lower = (c) => sql\`lower(\${c})\`;
export const t = pgTable("t", { a: text(), b: jsonb(), c: integer() }, (t) => [
  index("one").on(t.a.desc().nullsLast(), t.c.asc()), uniqueIndex("two").on(lower(t.a)), index("three").using("gin", t.b.op("jsonb_path_ops")).with({ fastupdate: false }),
  index("four").on(t.a).where(and(isNull(t.b), eq(t.c, 1))).concurrently(), index().onOnly(t.c)]);`);
    const table = tableOf(reading, "t");
    assert.deepEqual(indexesOf(table), ["one btree(a desc nulls last, c)", `unique two btree({lower("a")})`, "three gin(b jsonb_path_ops)", `four btree(a) where ("b" is null and "c" = 1)`, "- btree(c)"]);
    assert.deepEqual(table.indexes[2]!.with, { fastupdate: "false" });
    const [descending] = tableOf(read(`export const t = pgTable("t", { a: text() }, (t) => [index().on(t.a.desc(), t.a, t.a.desc().nullsLast(), t.a.desc().nullsFirst())]);`), "t").indexes;
    assert.deepEqual(descending!.keys.map(({ order, nulls, nullsImplied = false }) => [order, nulls, nullsImplied]), [["desc", "last", true], ["asc", undefined, false], ["desc", "last", false], ["desc", "first", false]]);
    assert.deepEqual(table.indexes[3]!.where!.columns, ["b", "c"]);
  });
  it("reads keys, checks and policies", () => {
    const reading = read(`export const o = pgTable("o", { a: integer(), b: integer() }, (t) => [primaryKey({ name: "pk", columns: [t.a, t.b] })]);
export const t = pgTable("t", { a: integer(), b: integer(), p: integer() }, (t) => [
  primaryKey({ columns: [t.a, t.b] }), foreignKey({ columns: [t.a, t.b], foreignColumns: [o.a, o.b], name: "fk" }).onDelete("cascade"), foreignKey({ columns: [t.p], foreignColumns: [t.a] }),
  check("positive", sql\`\${t.a} > 0\`), pgPolicy("mine"), unique("u").on(t.a, t.p).nullsNotDistinct()]);`);
    const table = tableOf(reading, "t");
    assert.deepEqual(keysOf(table), ["a,b -> o(a,b) cascade", "p -> t(a)"]);
    assert.deepEqual([table.primaryKey!.columns, tableOf(reading, "o").primaryKey!.name], [["a", "b"], "pk"]);
    assert.deepEqual([table.checks[0]!.expression.sql, table.uniques[0]!.nullsNotDistinct], [`"a" > 0`, true]);
    assert.deepEqual(policiesOf(table), ["mine permissive all to public"]);
  });
  it("reads policies: roles and expressions, those that a provider's helpers make, and what is linked from elsewhere", () => {
    const reading = read(`import { pgRole } from "drizzle-orm/pg-core"; import { authenticatedRole, authUid, serviceRole } from "drizzle-orm/supabase"; import { authUid as neonUid, crudPolicy } from "drizzle-orm/neon";
export const admin = pgRole("admin");
export const o = pgTable("o", { id: uuid() });
export const t = pgTable("t", { a: uuid() }, (t) => [
  pgPolicy("own", { as: "restrictive", for: "update", to: [serviceRole, admin, "public"], using: sql\`\${t.a} = \${authUid}\`, withCheck: sql\`exists (select 1 from \${o} where \${o.id} = \${t.a}) and \${5} > 1\` }),
  crudPolicy({ role: authenticatedRole, read: true, modify: neonUid(t.a) }), crudPolicy({ role: [admin, "b"], read: null, modify: false }),
  pgPolicy("odd", { to: process.env.ROLE, using: sql\`true\` }), pgPolicy("odder", { using: sql\`\${missing(t)} > 1\` }), pgPolicy(\`\${missing}\`, {}),
]);
export const linked = pgPolicy("linked", { for: "insert", withCheck: eq(o.id, "x") }).link(o);`);
    assert.deepEqual(policiesOf(tableOf(reading, "o")), ["linked permissive insert to public check \"o\".\"id\" = 'x'"]);
    assert.deepEqual(policiesOf(tableOf(reading, "t")), [
      `own restrictive update to admin,public,service_role using "t"."a" = (select auth.uid()) check exists (select 1 from "o" where "o"."id" = "t"."a") and 5 > 1`,
      "crud-authenticated-policy-select permissive select to authenticated using true", `crud-authenticated-policy-insert permissive insert to authenticated check (select auth.user_id() = "t"."a")`,
      `crud-authenticated-policy-update permissive update to authenticated using (select auth.user_id() = "t"."a") check (select auth.user_id() = "t"."a")`, `crud-authenticated-policy-delete permissive delete to authenticated using (select auth.user_id() = "t"."a")`,
      "crud-admin-b-policy-insert permissive insert to admin,b check false", "crud-admin-b-policy-update permissive update to admin,b using false check false", "crud-admin-b-policy-delete permissive delete to admin,b using false",
      "odd, not read", "odder, not read", ", not read",
    ]);
    assert.equal(tableOf(reading, "t").rowSecurity!.policies[0]!.withCheck!.recorded, `exists (select 1 from "o" where "o"."id" = "t"."a") and $1 > 1`);
  });
  it("notes what Drizzle drops silently", () => {
    const table = tableOf(read(`export const t = pgTable("t", { a: integer() }, (t) => [sql\`CHECK (a > 0)\`, { kind: "check" }, index("lost")]);`), "t");
    assert.deepEqual(table.ignored!.map((one) => one.what), ["raw SQL", "a plain object", `index "lost" without columns`]);
    assert.equal(table.complete, true);
  });
  it("reports what an unknown helper adds, at its place", () => {
    const source = `import { audit } from "elsewhere"; export const t = pgTable("t", { a: integer() }, (t) => [index("i").on(t.a), ...audit(t), audit(t)]);`;
    const reading = read(source);
    assert.equal(tableOf(reading, "t").complete, false);
    assert.deepEqual(reading.problems.map(({ at }) => (pg + source).slice(at!.start, at!.end)), ["...audit(t)", "audit(t)"]);
  });
});

describe("Drizzle: foreign keys", () => {
  it("follows references forward, to itself, across cycles and by value through helpers", () => {
    const reading = read(`import { users } from "./users";
const ref = (name, table) => Object.assign(uuid(name).notNull().references(() => table.id, { onDelete: "cascade" }), {});
export const t = pgTable("t", { id: uuid().primaryKey(), parent: uuid().references((): AnyPgColumn => t.id), u: uuid().references(() => users.id), l: ref("late_id", late) });
export const late = pgTable("late", { id: uuid().primaryKey() });
export { users };`, { "users.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; import { t } from "./schema"; export const users = pgTable("users", { id: uuid().primaryKey(), t: uuid().references(() => t.id) });` });
    // \`late\` is declared below: at run time that would be an error, statically the target is plain.
    assert.deepEqual(keysOf(tableOf(reading, "t")), ["late_id -> late(id) cascade", "parent -> t(id)", "u -> users(id)"]);
    assert.deepEqual(keysOf(tableOf(reading, "users")), ["t -> t(id)"]);
  });
  it("takes one branch of a known condition", () => {
    const reading = read(`const make = (name, withKey) => pgTable(name, { id: uuid(), u: withKey ? uuid().references(() => users.id) : uuid() });
export const users = pgTable("users", { id: uuid() }); export const a = make("a", true); export const b = make("b", false);`);
    assert.deepEqual([keysOf(tableOf(reading, "a")), keysOf(tableOf(reading, "b"))], [["u -> users(id)"], []]);
  });
  it("keeps both of two for the same columns, as the ORM does", () => {
    const reading = read(`export const users = pgTable("users", { id: uuid() });
export const t = pgTable("t", { u: uuid().references(() => users.id) }, (t) => [foreignKey({ name: "t_u_users_id_fk", columns: [t.u], foreignColumns: [users.id] }).onDelete("cascade")]);`);
    assert.deepEqual(keysOf(tableOf(reading, "t")), ["u -> users(id)", "u -> users(id) cascade"]);
  });
  it("implies one for a relation that no constraint stands behind", () => {
    const reading = read(`export const users = pgTable("users", { id: uuid().primaryKey() });
export const posts = pgTable("posts", { id: uuid().primaryKey(), a: uuid(), b: uuid().references(() => users.id) });
export const profile = pgTable("profile", { userId: uuid() });
export const r = relations(posts, ({ one, many }) => ({ author: one(users, { fields: [posts.a], references: [users.id] }), editor: one(users, { fields: [posts.b], references: [users.id] }) }));
export const u = relations(users, ({ one, many }) => ({ posts: many(posts), profile: one(profile, { fields: [users.id], references: [profile.userId] }) }));`);
    assert.deepEqual(keysOf(tableOf(reading, "posts")), ["[a -> users(id)]", "b -> users(id)"]);
    assert.deepEqual(keysOf(tableOf(reading, "users")), []);
    assert.deepEqual(tableOf(reading, "posts").relations.map((one) => [one.name, one.target.name, one.many]), [["author", "users", false], ["editor", "users", false]]);
  });
  it("reads v1's defineRelations", () => {
    const reading = readFiles({
      "schema.ts": `${pg}export const users = pgTable("users", { id: uuid().primaryKey() }); export const posts = pgTable("posts", { a: uuid() }); export * from "./relations";`,
      "relations.ts": `import { defineRelations } from "drizzle-orm"; import * as schema from "./schema";
export const relations = defineRelations(schema, (r) => ({ posts: { author: r.one.users({ from: r.posts.a, to: r.users.id }) }, users: { posts: r.many.posts() } }));`,
    });
    assert.deepEqual(keysOf(tableOf(reading, "posts")), ["[a -> users(id)]"]);
    assert.deepEqual(tableOf(reading, "users").relations.map((one) => [one.name, one.many]), [["posts", true]]);
  });
});

describe("Drizzle: tables", () => {
  it("knows every constructor, under any name", () => {
    const reading = read(`import * as orm from "drizzle-orm/pg-core"; import { pgTable as make } from "drizzle-orm/pg-core"; import { snakeCase } from "drizzle-orm/pg-core";
const table = pgTableCreator((name) => \`app_\${name}\`); const auth = pgSchema("auth");
export const a = table("a", { id: uuid() }); export const b = auth.table("b", { id: uuid() }); export const c = orm.pgTable("c", { id: orm.uuid() }); export const d = make("d", { id: uuid() });
export const e = snakeCase.table("e", { userId: uuid() }); export const f = pgTable("f", { id: uuid() }).enableRLS(); export const g = pgTable.withRLS("g", { id: uuid() });
export const secured = d.enableRLS();`);
    assert.deepEqual(reading.model.tables.map((table) => `${table.name.schema}.${table.name.name}`), ["public.app_a", "auth.b", "public.c", "public.d", "public.e", "public.f", "public.g"]);
    assert.equal(tableOf(reading, "e").columns[0]!.name, "user_id");
    assert.deepEqual(reading.model.tables.filter(({ rowSecurity }) => rowSecurity).map(({ name }) => name.name), ["d", "f", "g"]);
  });
  it("reads a table that a class in a namespace makes", () => {
    const reading = read(`namespace Tenant {
  const tenant = { tenantId: uuid("tenant_id").notNull() };
  abstract class Base { readonly version = 1; constructor(protected readonly name: string) {} protected columns() { return { ...tenant, createdAt: timestamp("created_at") }; } }
  export class Table<T> extends Base {
    readonly table;
    constructor(name: string, columns: T, extra?: (t) => unknown[]) {
      super(name);
      this.table = pgTable(this.name, { id: uuid().notNull(), ...this.columns(), ...columns }, (t) => [primaryKey({ columns: [t.tenantId, t.id] }), ...(extra?.(t) ?? [])]);
    }
    get columnNames() { return Object.keys(this.table); }
  }
}
const users = new Tenant.Table("users", { email: text() }, (t) => [index("users_email").on(t.email)]);
export const usersTable = users.table;`);
    const table = tableOf(reading, "users");
    assert.deepEqual(table.columns.map((column) => column.name), ["id", "tenant_id", "created_at", "email"]);
    assert.deepEqual([table.primaryKey!.columns, indexesOf(table), table.complete], [["tenant_id", "id"], ["users_email btree(email)"], true]);
    assert.equal(table.property, "users");
  });
  it("is one table under two names, and the last of two with one name", () => {
    const reading = read(`export const userTable = pgTable("user", { id: uuid() }); export const user = userTable; export * from "./more";
export const x = pgTable("x", { first: uuid() }); export const y = pgTable("x", { second: uuid() });`, { "more.ts": `export { userTable as again } from "./schema";` });
    assert.deepEqual(reading.model.tables.map((table) => [table.name.name, table.columns[0]!.name]), [["user", "id"], ["x", "second"]]);
    assert.deepEqual(reading.model.hidden!.map((table) => table.columns[0]!.name), ["first"]);
  });
  it("lists only what the files export, and no views", () => {
    const reading = read(`import { pgView } from "drizzle-orm/pg-core"; const hidden = pgTable("hidden", { id: uuid() }); export const t = pgTable("t", { h: uuid().references(() => hidden.id) });
export const v = pgView("v", { id: uuid() }).existing(); export const w = pgView("w").as((qb) => qb.select().from(t));`);
    assert.deepEqual(reading.model.tables.map((table) => table.name.name), ["t"]);
    assert.deepEqual(keysOf(tableOf(reading, "t")), ["h -> hidden(id)"]);
  });
  it("says where the values of an enum cannot be read, and takes none for granted", () => {
    const source = pg + `import * as E from "@away/enums"; export const kind = pgEnum("kind", Object.values(E.Kind)); export const role = pgEnum("role", ["a"]); export const t = pgTable("t", { k: kind(), r: role() });`;
    const { model, problems } = readFiles({ "schema.ts": source });
    assert.deepEqual(model.enums.map(({ name, values, unread }) => [name.name, values, unread]), [["kind", [], true], ["role", ["a"], undefined]]);
    assert.deepEqual(problems.map(({ kind, message }) => [kind, /^the values of the enum kind cannot be read: /.test(message)]), [["unreadable", true]]);
    const standing = { ...model, enums: model.enums.map(({ unread: _, ...type }) => ({ ...type, values: [...type.values, "b"] })) };
    assert.deepEqual(compare(standing, model), [{ kind: "alter-enum", name: { schema: "public", name: "role" }, from: ["a", "b"], to: ["a"] }]);
    const made = generate({ name: "role", format: "drizzle v0", before: standing, wanted: model });
    assert.deepEqual(made.migrations.at(-1)!.after.enums.map(({ values }) => values), [["b"], ["a"]]);
    // Of nothing that stands it cannot be made, nor what needs it.
    const first = generate({ name: "first", format: "drizzle v0", before: { ...model, tables: [], enums: [] }, wanted: model });
    assert.deepEqual(first.refused.map(({ change }) => change.kind), ["add-enum", "add-table"]);
  });
  it("reads enums, in a schema too", () => {
    const reading = read(`const s = pgSchema("s"); export const role = pgEnum("role", ["a", "b"]); export const kind = s.enum("kind", ["c"]); export const t = pgTable("t", { r: role().notNull(), k: kind("kind_of") });`);
    assert.deepEqual(reading.model.enums.map((one) => [one.name.schema, one.name.name, one.values.join()]), [["public", "role", "a,b"], ["s", "kind", "c"]]);
    assert.deepEqual(tableOf(reading, "t").columns.map((column) => [column.name, column.type.enum!.name]), [["r", "role"], ["kind_of", "kind"]]);
  });
  it("reports a table whose name cannot be read", () => {
    const reading = read(`import { prefix } from "elsewhere"; export const t = pgTable(prefix + "t", { id: uuid() }); export const ok = pgTable("ok", { id: uuid() });`);
    assert.deepEqual(reading.model.tables.map((table) => table.name.name), ["ok"]);
    assert.match(reading.problems[0]!.message, /name cannot be read/);
  });
  it("survives endless recursion, loops and cycles", () => {
    const reading = read(`const f = (n) => f(n + 1); while (true) {} const g = () => { for (;;) {} };
export const a = b; export const b = a; export const t = pgTable("t", { id: uuid(), x: f(1), y: g() });`);
    assert.equal(tableOf(reading, "t").complete, false);
  });
  it("does not take what it could not follow for all that there is", () => {
    const cases: readonly (readonly [string, complete: boolean])[] = [
      ["for (const name of names) columns[name] = uuid();", false],
      ["for (const name of names) { const own = {}; own[name] = uuid(); }", true],
      ["for (const name in names) columns[name] = uuid();", false],
      ["for (const at in [text(), text()]) columns[`c${at}`] = text();", true],
      ["for (let i = 0; i < names.length; i++) columns[`c${i}`] = uuid();", false],
      ["let at = names.first; while (at) { columns[at.name] = uuid(); at = at.next; }", false],
      ["names.forEach((name) => { columns[name] = uuid(); });", false],
      ["[\"a\", ...names].forEach((name) => { columns[name] = uuid(); });", false],
      ["if (names.length > 3) columns.more = uuid();", false],
      ["if (names.length > 3) Object.assign(columns, { more: uuid() }); else delete columns.id;", false],
      ["if (names.length > 3) console.log(columns.id);", true],
      ["names.wide && (columns.more = uuid());", false],
      ["names.wide ? (columns.more = uuid()) : 0;", false],
      ["let made = false; if (names.wide) made = true; if (made) columns.more = uuid();", false],
      ["const list = [uuid()]; for (const name of names) list.push(uuid()); list.forEach((one, at) => { columns[`c${at}`] = one; });", false],
      ["const list = [uuid(), text()]; list.splice(0, 1); list.forEach((one, at) => { columns[`c${at}`] = one; });", false],
    ];
    for (const [body, complete] of cases) {
      const reading = read(`import { names } from "some-package"; function more() { const columns: Record<string, any> = { id: uuid() }; ${body} return columns; }\nexport const t = pgTable("t", { ...more() });`);
      assert.equal(tableOf(reading, "t").complete, complete, body);
      assert.equal(reading.problems.length > 0, !complete, body);
      assert.ok(tableOf(reading, "t").columns.some(({ name }) => name === "id") || body.includes("delete"), body);
    }
  });
  it("calls what a function has no method for", () => {
    const reading = read(`const own = () => 1; export const t = pgTable("t", { a: uuid(), b: own.made(), c: uuid.made() }, (t) => [index("i").on(t.a..references(() => t.a)), index("j").on(t.a)]);`);
    assert.deepEqual([tableOf(reading, "t").columns.length, tableOf(reading, "t").complete, tableOf(reading, "t").indexes.map(({ name }) => name)], [3, false, ["i", "j"]]);
  });
});

describe("Drizzle: other dialects", () => {
  it("reads MySQL", () => {
    const reading = readFiles({ "schema.ts": `import { mysqlTable, int, varchar, mysqlEnum, datetime, index, bigint, decimal } from "drizzle-orm/mysql-core";
export const users = mysqlTable("users", { id: int({ unsigned: true }).autoincrement().primaryKey(), role: mysqlEnum("role", ["a", "b"]).notNull(), at: datetime({ fsp: 3 }), n: bigint("n", { mode: "number", unsigned: true }), d: decimal({ precision: 5, scale: 2 }) });
export const posts = mysqlTable("posts", { u: int("user_id").references(() => users.id, { onDelete: "set null" }) }, (t) => ({ i: index("i").on(t.u).using("hash") }));` });
    assert.equal(reading.model.dialect, "mysql");
    assert.deepEqual(tableOf(reading, "users").columns.map((column) => column.type.name), ["int unsigned", "enum('a','b')", "datetime(3)", "bigint unsigned", "decimal(5,2)"]);
    assert.deepEqual([keysOf(tableOf(reading, "posts")), indexesOf(tableOf(reading, "posts")), tableOf(reading, "posts").name.schema], [["user_id -> users(id) set null"], ["i hash(user_id)"], null]);
  });
  it("reads SQLite", () => {
    const reading = readFiles({ "schema.ts": `import { sqliteTable, integer, text, index, uniqueIndex } from "drizzle-orm/sqlite-core"; import { sql } from "drizzle-orm";
export const t = sqliteTable("t", { id: integer({ mode: "number" }).primaryKey({ autoIncrement: true }), k: text({ enum: ["a"] }), p: integer().references(() => t.id) }, (t) => [uniqueIndex("u").on(sql\`lower(\${t.k})\`).where(sql\`\${t.p} > 0\`)]);` });
    assert.equal(reading.model.dialect, "sqlite");
    const table = tableOf(reading, "t");
    assert.deepEqual([table.columns[0]!.generated, table.columns[1]!.type.values, keysOf(table), indexesOf(table)], ["serial", ["a"], ["p -> t(id)"], [`unique u btree({lower("k")}) where "p" > 0`]]);
  });
  it("keeps to the dialect of the config where a folder holds three", () => {
    const texts = {
      "drizzle.config.ts": `export default { dialect: "sqlite", schema: "./schema" };`,
      "schema/pg.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const users = pgTable("users", { id: uuid() });`,
      "schema/sqlite.ts": `import { sqliteTable, text } from "drizzle-orm/sqlite-core"; import { relations } from "drizzle-orm"; export const users = sqliteTable("users", { name: text() }); export const r = relations(users, ({ many }) => ({ users: many(users) }));`,
      "schema/mysql.ts": `import { mysqlTable, text } from "drizzle-orm/mysql-core"; import { relations } from "drizzle-orm"; export const users = mysqlTable("users", { title: text() }); export const r = relations(users, ({ many }) => ({ others: many(users) }));`,
    };
    const reading = readFiles(texts, "schema");
    assert.deepEqual(reading.model.tables.map((table) => [table.columns[0]!.name, table.relations.map((one) => one.name)]), [["name", ["users"]]]);
  });
});
