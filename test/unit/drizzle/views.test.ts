// The queries of views, as drizzle-orm 0.x and 1.0 themselves write them: each is compiled by the real package and read from
// the code, and the texts must be one.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "mocha";
import ts from "typescript";
import { open } from "../../../server/src/sources/drizzle/session";
import { readFiles, workspace } from "./memory-files";

const require = createRequire(__filename);

const schema = `import { alias, bigint, boolean, customType, integer, jsonb, numeric, pgEnum, pgMaterializedView, pgSchema, pgTable, pgView, primaryKey, QueryBuilder, serial, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
import { and, asc, avg, between, count, countDistinct, desc, eq, exists, getTableColumns, gt, gte, ilike, inArray, isNotNull, isNull, like, lt, lte, max, min, ne, not, notExists, notInArray, or, sql, sum } from "drizzle-orm";
export const state = pgEnum("state", ["open", "it's"]);
export const app = pgSchema("app");
const loud = customType<{ data: string }>({ dataType: () => "text", toDriver: (value) => value.toUpperCase() });
export const users = pgTable("users", { id: serial("id").primaryKey(), name: text("name").notNull().default("nobody"), email: varchar("email", { length: 20 }), age: integer("age"), ok: boolean("ok"), price: numeric("price"), at: timestamp("at"), state: state("state"), data: jsonb("data"), big: bigint("big", { mode: "number" }), tags: text("tags").array(), own: loud("own") });
export const posts = pgTable("posts", { id: uuid("id").primaryKey(), userId: integer("user_id").references(() => users.id), title: text("ti\\"tle") });
export const logs = app.table("logs", { id: integer("id"), userId: integer("user_id") });
export const plain = pgView("plain").as((qb) => qb.select().from(users));
`;

/** What stands behind `.as(`. */
const read: Readonly<Record<string, string>> = {
  "all of a table": `(qb) => qb.select().from(users)`,
  "some columns": `(qb) => qb.select({ id: users.id, name: users.name }).from(users)`,
  "a column under another property": `(qb) => qb.select({ who: posts.userId, title: posts.title }).from(posts)`,
  "the columns spread": `(qb) => qb.select({ ...getTableColumns(users), big: users.big }).from(users)`,
  "nested fields": `(qb) => qb.select({ user: { id: users.id, name: users.name }, age: users.age }).from(users)`,
  "distinct": `(qb) => qb.selectDistinct({ name: users.name }).from(users)`,
  "distinct on": `(qb) => qb.selectDistinctOn([users.name, users.age], { name: users.name, id: users.id }).from(users).orderBy(users.name, desc(users.id))`,
  "a table of a schema": `(qb) => qb.select().from(logs)`,
  "a condition": `(qb) => qb.select({ id: users.id }).from(users).where(eq(users.name, "it's"))`,
  "numbers, truth and null": `(qb) => qb.select({ id: users.id }).from(users).where(and(eq(users.age, 5), ne(users.ok, true), gt(users.big, 7), gte(users.age, -1), lt(users.age, 2.5), lte(users.age, 9)))`,
  "an enum and a text of a number": `(qb) => qb.select({ id: users.id }).from(users).where(or(eq(users.state, "it's"), eq(users.price, "1.50")))`,
  "one condition of and": `(qb) => qb.select({ id: users.id }).from(users).where(and(eq(users.age, 5)))`,
  "undefined conditions": `(qb) => qb.select({ id: users.id }).from(users).where(and(undefined, eq(users.age, 5), undefined))`,
  "nested and and or": `(qb) => qb.select({ id: users.id }).from(users).where(and(or(eq(users.age, 5), isNull(users.email)), not(isNotNull(users.at)), not(eq(users.age, 3))))`,
  "lists": `(qb) => qb.select({ id: users.id }).from(users).where(and(inArray(users.age, [1, 2]), notInArray(users.state, ["open"]), inArray(users.name, ["a"])))`,
  "empty lists": `(qb) => qb.select({ id: users.id }).from(users).where(or(inArray(users.age, []), notInArray(users.age, [])))`,
  "between and like": `(qb) => qb.select({ id: users.id }).from(users).where(and(between(users.age, 1, 5), like(users.name, "a%"), ilike(users.name, "%b")))`,
  "raw SQL": `(qb) => qb.select({ id: users.id, lower: sql<string>\`lower(\${users.name})\`.as("lower") }).from(users).where(sql\`\${users.age} > \${5} and \${users.name} <> \${"x"} and \${users.id} in \${[1, 2]}\`)`,
  "aggregates": `(qb) => qb.select({ name: users.name, n: count().as("n"), m: count(users.id).as("m"), s: sum(users.age).as("s"), a: avg(users.age).as("a"), d: countDistinct(users.name).as("d"), x: max(users.age).as("x"), i: min(users.age).as("i") }).from(users).groupBy(users.name).having(gt(count(users.id), 3)).orderBy(asc(users.name))`,
  "parts called by their names": `(qb) => { const total = sql<number>\`sum(\${users.age})\`.as("total"); return qb.select({ name: users.name, total }).from(users).groupBy(users.name).orderBy(desc(total)); }`,
  "fields in callbacks": `(qb) => qb.select({ name: users.name, n: sql<number>\`count(*)\`.as("n") }).from(users).groupBy((t) => [t.name]).having((t) => gt(t.n, 1)).orderBy((t) => desc(t.n))`,
  "a limit and an offset": `(qb) => qb.select({ id: users.id }).from(users).orderBy(users.id).limit(10).offset(5)`,
  "no offset": `(qb) => qb.select({ id: users.id }).from(users).limit(0).offset(0)`,
  "an inner join": `(qb) => qb.select({ ...getTableColumns(posts), email: users.email }).from(posts).innerJoin(users, eq(posts.userId, users.id))`,
  "joins of all kinds": `(qb) => qb.select({ a: users.id, b: logs.userId }).from(users).leftJoin(logs, eq(logs.userId, users.id)).rightJoin(posts, and(eq(posts.userId, users.id), isNull(users.email))).fullJoin(plain, eq(plain.id, users.id))`,
  "a cross join": `(qb) => qb.select({ a: users.id, b: logs.userId }).from(users).crossJoin(logs)`,
  "SQL beside a join": `(qb) => qb.select({ id: users.id, both: sql\`\${users.name} || \${posts.title}\`.as("both") }).from(users).leftJoin(posts, sql\`\${posts.userId} = \${users.id}\`)`,
  "another table's column in SQL": `(qb) => qb.select({ id: users.id, n: sql<number>\`(select count(*) from \${posts} where \${posts.userId} = \${users.id})\`.as("n") }).from(users)`,
  "a table under another name": `(qb) => { const parent = alias(users, "parent"); return qb.select({ id: users.id, parentId: sql\`\${parent.id}\`.as("parent_id") }).from(users).leftJoin(parent, eq(parent.id, users.age)); }`,
  "from a table under another name": `(qb) => { const one = alias(logs, "one"); return qb.select({ id: one.id }).from(one).where(eq(one.id, 1)); }`,
  "a view": `(qb) => qb.select({ id: plain.id, name: plain.name }).from(plain).where(eq(plain.id, 3))`,
  "all of a view": `(qb) => qb.select().from(plain)`,
  "a subquery": `(qb) => { const sq = qb.select({ userId: posts.userId, n: count().as("n") }).from(posts).groupBy(posts.userId).as("sq"); return qb.select({ id: users.id, n: sq.n }).from(users).leftJoin(sq, eq(sq.userId, users.id)).where(gt(sq.n, 2)); }`,
  "from a subquery": `(qb) => { const sq = qb.select({ id: users.id, n: sql<number>\`1\`.as("n") }).from(users).as("sq"); return qb.select().from(sq); }`,
  "exists and in": `(qb) => qb.select({ id: users.id }).from(users).where(and(exists(qb.select({ id: posts.id }).from(posts).where(eq(posts.userId, users.id))), inArray(users.id, qb.select({ id: logs.id }).from(logs)), notExists(qb.select({ one: sql\`1\` }).from(logs))))`,
  "queries combined": `(qb) => qb.select({ id: users.id }).from(users).union(qb.select({ id: logs.id }).from(logs)).unionAll(qb.select({ id: logs.userId }).from(logs).where(isNull(logs.id)))`,
  "a query builder of its own": `new QueryBuilder().select({ id: users.id }).from(users)`,
  "a selected column that counts as raw SQL": `(qb) => qb.select({ id: users.id, at: sql\`coalesce(\${users.at}, now())\`.as("at") }).from(users)`,
};

/** With columns declared, and SQL behind `.as(`. */
const inSql: Readonly<Record<string, string>> = {
  "SQL": "sql`select 1 as id`",
  "SQL with tables and columns": "sql`select ${users.id}, ${logs.userId} as who from ${users} join ${logs} on ${logs.userId} = ${users.id} where ${users.name} = ${\"it's\"} and ${users.age} > ${3}`",
  "SQL over a view": "sql`select ${plain.id} from ${plain} where ${plain.name} is not null`",
  "SQL with operators": "sql`select id from ${users} where ${and(eq(users.age, 4), isNull(users.email))}`",
  "raw": "sql.raw(`select id from users where name = 'x'`)",
  "joined parts": "sql.join([sql`select ${users.id}`, sql`from ${users}`], sql` `)",
};

const unread: Readonly<Record<string, string>> = {
  "a type of its own, which writes values otherwise": `(qb) => qb.select({ id: users.id }).from(users).where(eq(users.own, "a"))`,
  "a list for a list": `(qb) => qb.select({ id: users.id }).from(users).where(eq(users.tags, ["a"]))`,
  "JSON": `(qb) => qb.select({ id: users.id }).from(users).where(eq(users.data, { a: 1 }))`,
  "a date": `(qb) => qb.select({ id: users.id }).from(users).where(gt(users.at, new Date(0)))`,
  "a common table expression": `(qb) => { const one = qb.$with("one").as(qb.select({ id: users.id }).from(users)); return qb.with(one).select().from(one); }`,
  "an order after combined queries": `(qb) => qb.select({ id: users.id }).from(users).union(qb.select({ id: logs.id }).from(logs)).orderBy(users.id)`,
  "a lock": `(qb) => qb.select({ id: users.id }).from(users).for("update")`,
  "a condition of the environment": `(qb) => qb.select({ id: users.id }).from(users).where(eq(users.name, process.env.WHO ?? Math.random().toString()))`,
};

const names = (cases: object): readonly string[] => Object.keys(cases).map((_, at) => `v${at}`);
const declared = (cases: Readonly<Record<string, string>>, start: (name: string) => string): string => Object.values(cases).map((query, at) => `export const v${at} = ${start(`v${at}`)}.as(${query});\n`).join("");
const builderViews = schema + declared(read, (name) => `pgView("${name}")`);
const sqlViews = schema + declared(inSql, (name) => `pgView("${name}", { id: integer("id") })`);

interface Config { readonly name: string; readonly query: unknown }

/** The texts that the installed package makes of the exported views, by name. */
function compiled(text: string, packageName: string): ReadonlyMap<string, string> {
  const { outputText } = ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exported: Record<string, unknown> = {};
  new Function("require", "exports", outputText)((path: string) => require(path.replace(/^drizzle-orm/, packageName)), exported);
  const core = require(`${packageName}/pg-core`) as { PgDialect: new () => { sqlToQuery(query: unknown): { sql: string; params: unknown[] } }; getViewConfig(view: unknown): Config; isPgView(value: unknown): boolean };
  const dialect = new core.PgDialect();
  return new Map(Object.values(exported).flatMap((value) => {
    if (!core.isPgView(value)) return [];
    const { name, query } = core.getViewConfig(value);
    const { sql, params } = dialect.sqlToQuery(query);
    assert.deepEqual(params, []);
    return [[name, sql] as const];
  }));
}

describe("views of a Drizzle schema", () => {
  for (const [version, packageName] of [["0.45.4", "drizzle-orm"], ["1.0.0-rc.5", "drizzle-orm-v1"]] as const) {
    const manifest = JSON.stringify({ dependencies: { "drizzle-orm": version } });
    const model = (text: string) => readFiles({ "schema.ts": text, "package.json": manifest }).model;
    for (const [what, cases, text] of [["the query builder", read, builderViews], ["SQL", inSql, sqlViews]] as const)
      it(`${what}: the texts of drizzle-orm ${version}`, () => {
        const theirs = compiled(text, packageName);
        const ours = new Map(model(text).views?.map((view) => [view.name.name, view.definition]));
        const table = Object.keys(cases).map((name, at) => [name, ours.get(`v${at}`)]);
        assert.deepEqual(table, Object.keys(cases).map((name, at) => [name, theirs.get(`v${at}`)]));
        assert.equal(ours.get("plain"), theirs.get("plain"));
      });

    it(`what drizzle-orm ${version} writes otherwise, and what is beyond reading, is told by name alone`, () => {
      const { views = [], unmodelled = [] } = model(schema + declared(unread, (name) => `pgView("${name}")`));
      assert.deepEqual([views.map(({ name }) => name.name), unmodelled.map(({ what, name }) => `${what} ${name.name}`)], [["plain"], names(unread).map((name) => `view ${name}`)]);
    });
  }

  it("kinds, options and places", () => {
    const { model } = readFiles({ "schema.ts": `${schema}export const a = pgMaterializedView("a", { id: integer("id") }).using("heap").with({ fillfactor: 70, autovacuumEnabled: false }).tablespace("fast").withNoData().as(sql\`select 1 as id\`);
export const b = app.view("b").with({ checkOption: "local", securityBarrier: true }).as((qb) => qb.select({ id: users.id, name: users.name }).from(users));
export const c = app.materializedView("c", { id: integer("id") }).existing();
const name = process.env.SOMETHING;
export const d = pgView("d").with({ securityInvoker: name }).as((qb) => qb.select().from(users));
` });
    assert.deepEqual(model.views?.slice(1).map(({ at, columns, ...view }) => [at !== undefined, columns?.map((column) => column.name), view]), [
      [true, ["id"], { name: { schema: "public", name: "a" }, materialized: true, definition: "select 1 as id", options: { fillfactor: "70", autovacuum_enabled: "false" }, using: "heap", tablespace: "fast", withNoData: true, output: ["id"] }],
      [true, ["id", "name"], { name: { schema: "app", name: "b" }, materialized: false, definition: `select "id", "name" from "users"`, options: { check_option: "local", security_barrier: "true" }, output: ["id", "name"], key: ["id"] }],
      [true, ["id"], { name: { schema: "app", name: "c" }, materialized: true, definition: "", existing: true, output: ["id"] }],
    ]);
    assert.deepEqual(model.unmodelled?.map((one) => one.name.name), ["d"]);
  });

  it("a view follows edits of what it selects from and of its own query, as a fresh reading has it", () => {
    const { session, texts, files } = workspace({ "schema.ts": schema });
    const entry = session.entryFor(["/w/schema.ts"])!;
    session.read(entry);
    for (const [from, to] of [[`age: integer("age")`, `age: integer("years")`], [`qb.select().from(users)`, `qb.select({ id: users.id, years: users.age }).from(users)`], [`posts = pgTable("posts"`, `posts = pgTable("articles"`]] as const) {
      const before = texts.get("/w/schema.ts")!, start = before.indexOf(from);
      texts.set("/w/schema.ts", before.replace(from, () => to));
      session.changed("/w/schema.ts", [{ start, end: start + from.length, text: to }]);
      const { views } = session.read(entry).model;
      assert.match(views![0]!.definition, /"years"/);
      assert.deepEqual(JSON.parse(JSON.stringify(views)), JSON.parse(JSON.stringify(open(files).read(entry).model.views)));
    }
  });
});
