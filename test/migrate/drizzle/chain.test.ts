// A project of Drizzle 0.x through its life: change upon change is generated into one folder, and after each drizzle-kit has
// nothing left to do. The folder that comes of it is applied to empty databases by drizzle-orm, by Plumbline and by both in
// turn, which must make no difference.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { viewAnswers, viewPairs, viewQuestions, withViewsOf } from "../../../server/src/compare/views";
import { openSession } from "../../../server/src/databases/postgres/session";
import { readSession } from "../../../server/src/databases/postgres/session-reading";
import { ownersRecord, recordedConstraints, recordedObjects, withDeclared } from "../../../server/src/migrate/folders/drizzle-recorded";
import { drizzleV0 } from "../../../server/src/migrate/folders/drizzle-v0";
import { findFolder, newFolder } from "../../../server/src/migrate/folders/find";
import { differences } from "../../../server/src/migrate/generate/differences";
import { generate } from "../../../server/src/migrate/generate/generate";
import type { Generated } from "../../../server/src/migrate/generated";
import type { RenameAnswers } from "../../../server/src/migrate/generate/renames";
import { runsTable } from "../../../server/src/migrate/journal/history";
import { differencesOf, fingerprint, type Fingerprint } from "../../../server/src/migrate/prove/fingerprint";
import { down, up } from "../../../server/src/migrate/run/runner";
import type { MigrationFolder } from "../../../server/src/model/migration";
import type { SchemaModel } from "../../../server/src/model/schema";
import { open } from "../../../server/src/sources/drizzle/session";
import { loadSqlParser } from "../../../server/src/sql/load";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { settingsOf } from "../../database/servers";
import { drizzleChanges, drizzleSnapshot } from "../../oracles/drizzle/kit";
import { startPostgres, type Postgres } from "../../oracles/postgres";

const root = join(__dirname, "../../..");

const start = `import { eq, sql } from "drizzle-orm";
import { bigint, boolean, check, foreignKey, index, integer, jsonb, numeric, pgEnum, pgSchema, pgSequence, pgTable, primaryKey, pgMaterializedView, pgView, serial, text, timestamp, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
export const state = pgEnum("state", ["open", "paid"]);
export const clients = pgTable("clients", {
  id: serial("id").primaryKey(),
  email: varchar("email", { length: 200 }).notNull(),
  name: text("name"),
});
export const orders = pgTable("orders", {
  id: integer("id").primaryKey().generatedAlwaysAsIdentity(),
  clientId: integer("client_id").notNull(),
  state: state("state").notNull().default("open"),
  amount: integer("amount").notNull().default(0),
  note: varchar("note", { length: 100 }),
});
`;

interface Step {
  readonly what: string;
  /** What is replaced in the schema of the step before by what. */
  readonly edits: readonly (readonly [from: string | RegExp, to: string | ((found: string) => string)])[];
  readonly renames?: RenameAnswers;
  /** What drizzle-kit records of the renames beside the schema. */
  readonly meta?: readonly (readonly [from: string, to: string])[];
  /** In place of what is generated. */
  readonly byHand?: { readonly up: readonly string[]; readonly down: readonly string[] };
}

const steps: readonly Step[] = [
  { what: "the first migration", edits: [] },
  { what: "columns added: nullable, with a default, NOT NULL without one", edits: [[`  name: text("name"),`, `  name: text("name"),\n  phone: text("phone"),\n  vip: boolean("vip").notNull().default(false),\n  data: jsonb("data").notNull().default({ a: 1 }),\n  code: text("code").notNull(),\n  token: uuid("token").notNull().defaultRandom(),`]] },
  { what: "a table with keys of all kinds", edits: [[/$/, `export const lines = pgTable("lines", {\n  counter: serial("counter"),\n  orderId: integer("order_id").notNull().references(() => orders.id, { onDelete: "cascade" }),\n  position: integer("position").notNull(),\n  sku: text("sku").notNull(),\n  price: numeric("price", { precision: 10, scale: 2 }).notNull(),\n  at: timestamp("at", { precision: 3 }).default(new Date(1500)),\n  since: timestamp("since", { withTimezone: true }).default(new Date("2024-02-03T04:05:06.7+02:00")),\n  none: jsonb("none").default(null),\n  five: jsonb("five").default(5),\n}, (t) => [primaryKey({ columns: [t.orderId, t.position] }), unique("lines_again").on(t.orderId, t.position), unique().on(t.orderId, t.sku), check("lines_price_check", sql\`\${t.price} >= 0\`), index("lines_sku_idx").on(t.sku), index().on(t.price), index("lines_newest_idx").on(t.orderId, sql\`\${t.position} DESC\`), index("lines_text_idx").on(sql\`\${t.sku} COLLATE "C" text_pattern_ops desc nulls last\`, sql\`lower(\${t.sku}) DESC\`), index("lines_hash_idx").using("hash", t.sku.asc().nullsLast().op("text_ops"))]);\n`]] },
  { what: "a foreign key and its index on a table that stands", edits: [[`clientId: integer("client_id").notNull(),`, `clientId: integer("client_id").notNull().references(() => clients.id),`], [`  note: varchar("note", { length: 100 }),\n});`, `  note: varchar("note", { length: 100 }),\n}, (t) => [\n  index("orders_client_id_idx").on(t.clientId),\n]);`]] },
  { what: "indexes of many kinds", edits: [[`  index("orders_client_id_idx")`, `  index("orders_open_idx").on(t.amount.desc()).where(sql\`\${t.state} = 'open'\`),\n  index("orders_note_idx").using("hash", t.note),\n  uniqueIndex("orders_pair_idx").on(t.clientId, t.id),\n  uniqueIndex("orders_once_idx").on(t.id),\n  uniqueIndex("orders_turned_idx").on(t.amount.desc(), t.id),\n  index("orders_lower_idx").on(sql\`lower(\${t.note})\`),\n  index("orders_pattern_idx").on(t.note.op("varchar_pattern_ops")).with({ fillfactor: 70 }),\n  index("orders_built_idx").on(t.amount.nullsFirst()).concurrently(),\n  index("orders_client_id_idx")`]] },
  { what: "indexes changed and dropped", edits: [[`index("orders_note_idx").using("hash", t.note)`, `index("orders_note_idx").on(t.note, t.amount)`], [/ {2}uniqueIndex\("orders_pair_idx"\).*\n/, ""], [/ {2}uniqueIndex\("orders_once_idx"\).*\n/, ""], [`uniqueIndex("orders_turned_idx").on(t.amount.desc(), t.id)`, `uniqueIndex("orders_turned_idx").on(t.id, t.amount)`], [`\${t.state} = 'open'`, `\${t.state} = 'paid'`]] },
  { what: "another action of a foreign key", edits: [[`references(() => clients.id)`, `references(() => clients.id, { onDelete: "cascade", onUpdate: "restrict" })`]] },
  { what: "unique constraints added", edits: [[`email: varchar("email", { length: 200 }).notNull()`, `email: varchar("email", { length: 200 }).notNull().unique()`], [`code: text("code").notNull()`, `code: text("code").notNull().unique("by_code", { nulls: "not distinct" })`]] },
  { what: "a check added and one changed", edits: [[`  index("orders_open_idx")`, `  check("orders_amount_check", sql\`\${t.amount} between 0 and 100000\`),\n  index("orders_open_idx")`], [`sql\`\${t.price} >= 0\``, `sql\`\${t.price} > 0\``]] },
  { what: "keys, a unique constraint and a check under other names", edits: [[`unique("by_code"`, `unique("code_once"`], [`check("lines_price_check"`, `check("lines_price"`], [`primaryKey({ columns: [t.orderId, t.position] })`, `primaryKey({ name: "lines_key", columns: [t.orderId, t.position] }), foreignKey({ name: "lines_order", columns: [t.orderId], foreignColumns: [orders.id] }).onDelete("cascade")`], [`.references(() => orders.id, { onDelete: "cascade" })`, ``]] },
  { what: "and back, with NULLs that are no longer equal", edits: [[`unique("code_once", { nulls: "not distinct" })`, `unique("by_code")`], [`check("lines_price"`, `check("lines_price_check"`], [/primaryKey\(\{ name: "lines_key", columns: \[t.orderId, t.position\] \}\), foreignKey.*?onDelete\("cascade"\)/, `primaryKey({ columns: [t.orderId, t.position] })`], [`orderId: integer("order_id").notNull()`, `orderId: integer("order_id").notNull().references(() => orders.id, { onDelete: "cascade" })`]] },
  { what: "types: longer, without a length, wider, another one", edits: [[`varchar("email", { length: 200 })`, `varchar("email", { length: 320 })`], [`varchar("note", { length: 100 })`, `text("note")`], [`amount: integer("amount")`, `amount: bigint("amount", { mode: "number" })`], [`varchar_pattern_ops`, `text_pattern_ops`]] },
  { what: "defaults changed, added and dropped", edits: [[`.notNull().default(0)`, `.notNull().default(5)`], [`name: text("name")`, `name: text("name").default("it's")`], [`.default({ a: 1 })`, ``]] },
  { what: "NOT NULL added and dropped", edits: [[`phone: text("phone")`, `phone: text("phone").notNull()`], [`sku: text("sku").notNull()`, `sku: text("sku")`]] },
  { what: "values of an enum added, one in between; a new enum", edits: [[`["open", "paid"]`, `["open", "sent", "paid", "void"]`], [`export const clients`, `export const kind = pgEnum("kind", { Person: "person", Firm: "firm" });\nexport const clients`], [`  name: text("name")`, `  kind: kind("kind").notNull().default("person"),\n  name: text("name")`]] },
  { what: "a value of an enum dropped", edits: [[`"paid", "void"]`, `"paid"]`]] },
  { what: "values of an enum renamed, as answered, with a default and a condition that name them", edits: [[`["open", "sent", "paid"]`, `["fresh", "sent", "settled"]`], [`.default("open")`, `.default("fresh")`], [`\${t.state} = 'paid'`, `\${t.state} = 'settled'`]], renames: { "state.open": "fresh", "state.paid": "settled" } },
  { what: "values of an enum in another order", edits: [[`["fresh", "sent", "settled"]`, `["settled", "fresh", "sent"]`]] },
  { what: "a column renamed, as answered", edits: [[`name: text("name")`, `fullName: text("full_name")`]], renames: { "clients.name": "full_name" }, meta: [[`"clients"."name"`, `"clients"."full_name"`]] },
  { what: "a table renamed, as answered", edits: [[`export const lines = pgTable("lines"`, `export const items = pgTable("items"`]], renames: { lines: "items" }, meta: [[`"lines"`, `"items"`]] },
  { what: "a table and a column of it renamed, with a key to it", edits: [[/clients/g, "customers"], [`phone: text("phone")`, `mobile: text("mobile")`]], renames: { clients: "customers", "clients.phone": "mobile" }, meta: [[`"customers"."phone"`, `"customers"."mobile"`], [`"clients"`, `"customers"`]] },
  { what: "identity in place of serial", edits: [[`id: serial("id").primaryKey()`, `id: integer("id").primaryKey().generatedByDefaultAsIdentity()`]] },
  { what: "another kind of identity, with options", edits: [[`.generatedByDefaultAsIdentity()`, `.generatedAlwaysAsIdentity({ startWith: 1000, increment: 10, cache: 20 })`]] },
  { what: "other options of an identity, and a new one with all of them", edits: [[`startWith: 1000, increment: 10, cache: 20`, `startWith: 1000, increment: 5, maxValue: "2000000", cycle: true`], [/$/, `export const tickets = pgTable("tickets", { id: bigint("id", { mode: "number" }).primaryKey().generatedByDefaultAsIdentity({ name: "ticket_numbers", startWith: 100, increment: 2, minValue: 50, maxValue: "9007199254740993", cache: 5, cycle: true }), falling: integer("falling").generatedAlwaysAsIdentity({ increment: -1 }) });\n`]] },
  { what: "a generated column added", edits: [[`  amount: bigint`, `  loud: text("loud").generatedAlwaysAs(sql\`upper(note)\`),\n  amount: bigint`]] },
  { what: "a generated column of another expression, and one made plain", edits: [[`sql\`upper(note)\``, `sql\`lower(note)\``]] },
  { what: "a primary key of other columns", edits: [[`primaryKey({ columns: [t.orderId, t.position] })`, `primaryKey({ columns: [t.orderId, t.position, t.price] })`]] },
  { what: "a schema with a table and an enum of its own", edits: [[/$/, `export const sales = pgSchema("sales");\nexport const grade = sales.enum("grade", ["a", "b"]);\nexport const regions = sales.table("regions", { id: integer("id").primaryKey(), grade: grade("grade"), parent: integer("parent"), at: timestamp("at", { withTimezone: true }).defaultNow() }, (t) => [foreignKey({ columns: [t.parent], foreignColumns: [t.id], name: "regions_tree" })]);\n`]] },
  { what: "sequences, one that a new column counts by", edits: [[/$/, `export const counter = pgSequence("counter");\nexport const numbers = sales.sequence("numbers", { startWith: 100, increment: 5, maxValue: "9007199254740993", cache: 3, cycle: true });\nexport const visits = pgTable("visits", { id: serial("id").primaryKey(), grade: grade("grade").default("a"), order: integer("order").references(() => orders.id) }, (t) => [index().on(t.order), unique().on(t.grade)]);\n`], [`  loud: text`, `  number: bigint("number", { mode: "number" }).default(sql\`nextval('counter')\`),\n  loud: text`]] },
  {
    what: "a table, an enum and a sequence in other schemas, the table and the sequence under other names there, as answered",
    edits: [[`sales.table("regions"`, `pgTable("areas"`], [`pgTable("visits", {`, `sales.table("visits", {`], [`sales.enum("grade"`, `pgEnum("grade"`], [`sales.sequence("numbers"`, `pgSequence("figures"`], [/$/, `export const old = sales.table("old", { id: integer("id").primaryKey() });\n`]],
    renames: { "sales.regions": "areas", visits: "sales.visits", "sales.grade": "grade", "sales.numbers": "figures" }, meta: [[`"sales"."regions"`, `"areas"`]],
  },
  { what: "and back", edits: [[`pgTable("areas"`, `sales.table("regions"`], [`sales.table("visits", {`, `pgTable("visits", {`], [`pgEnum("grade"`, `sales.enum("grade"`], [`pgSequence("figures"`, `sales.sequence("numbers"`], [/export const old.*\n/, ""]], renames: { areas: "sales.regions", "sales.visits": "visits", grade: "sales.grade", figures: "sales.numbers", "sales.old": null }, meta: [[`"areas"`, `"sales"."regions"`]] },
  { what: "a schema renamed, as answered, with a column added to a table of it", edits: [[`pgSchema("sales")`, `pgSchema("shop")`], [`parent: integer("parent")`, `parent: integer("parent"), size: integer("size")`]], renames: { sales: "shop" }, meta: [["sales", "shop"]] },
  { what: "other options of a sequence", edits: [[`{ startWith: 100, increment: 5, maxValue: "9007199254740993", cache: 3, cycle: true }`, `{ startWith: 200, increment: 10, minValue: 50 }`]] },
  { what: "a sequence dropped with the column that counts by it", edits: [[/ {2}number: .*\n/, ""], [/export const counter.*\n/, ""]] },
  { what: "views: of the query builder, in SQL, materialized, with options, one over another, one that somebody else makes", edits: [[/$/, `export const reachable = pgView("reachable").with({ securityBarrier: true, checkOption: "local" }).as((qb) => qb.select({ id: customers.id, mobile: customers.mobile, vip: customers.vip }).from(customers).where(eq(customers.vip, true)));\nexport const busy = pgMaterializedView("busy", { id: integer("id"), orders: bigint("orders", { mode: "number" }) }).with({ fillfactor: 70 }).as(sql\`select \${reachable.id} as id, count(*) as orders from \${reachable} join \${orders} on \${orders.clientId} = \${reachable.id} where \${reachable.mobile} <> \${""} group by 1\`);\nexport const idle = sales.view("idle").as((qb) => qb.select().from(regions));\nexport const theirs = pgView("theirs", { id: integer("id") }).existing();\n`]] },
  { what: "a column of another type under views, which are made anew around it", edits: [[`mobile: text("mobile")`, `mobile: varchar("mobile", { length: 40 })`]] },
  { what: "a view with another query, below another one; other options", edits: [[`vip: customers.vip }).from(customers)`, `vip: customers.vip, email: customers.email }).from(customers)`], [`.with({ fillfactor: 70 }).as(`, `.with({ autovacuumEnabled: false }).as(`]] },
  { what: "a view renamed, as answered", edits: [[`sales.view("idle")`, `sales.view("quiet")`]], renames: { "shop.idle": "shop.quiet" } },
  { what: "views dropped, with a column that one of them reads", edits: [[/export const busy.*\n/, ""], [/export const reachable.*\n/, ""], [/ {2}vip: .*\n/, ""]] },
  {
    what: "a partitioned table, by hand", edits: [[/$/, `export const events = pgTable("events", { id: integer("id").notNull(), at: timestamp("at").notNull(), kind: text("kind") }, (t) => [primaryKey({ columns: [t.id, t.at] })]);\n`]],
    byHand: { up: [`CREATE TABLE "events" ("id" integer NOT NULL, "at" timestamp NOT NULL, "kind" text, CONSTRAINT "events_id_at_pk" PRIMARY KEY ("id", "at")) PARTITION BY RANGE ("at")`, `CREATE TABLE "events_old" PARTITION OF "events" FOR VALUES FROM (MINVALUE) TO ('2020-01-01')`, `CREATE TABLE "events_new" PARTITION OF "events" FOR VALUES FROM ('2020-01-01') TO (MAXVALUE)`], down: [`DROP TABLE "events"`] },
  },
  { what: "an index of a partitioned table, through its partitions", edits: [[`primaryKey({ columns: [t.id, t.at] })]`, `primaryKey({ columns: [t.id, t.at] }), index("events_kind_idx").on(t.kind)]`]] },
  { what: "columns dropped", edits: [[/ {2}loud: .*\n/, ""], [/ {2}code: .*\n/, ""]] },
  { what: "constraints dropped", edits: [[`.unique(),`, `,`], [/ {2}check\("orders_amount_check".*\n/, ""], [`, unique().on(t.orderId, t.sku)`, ``], [`.references(() => customers.id, { onDelete: "cascade", onUpdate: "restrict" })`, ""]] },
  { what: "row level security with policies, one that looks into another table, one linked to its table, and a table without any", edits: [[`pgEnum, pgSchema`, `pgEnum, pgPolicy, pgRole, pgSchema`], [/$/, `export const reader = pgRole("chain_reader").existing();\nexport const notes = pgTable("notes", { id: integer("id").primaryKey(), owner: varchar("owner", { length: 20 }).notNull(), state: state("state") }, (t) => [pgPolicy("own notes", { to: [reader, "public"], for: "update", using: sql\`\${t.owner} = current_user\`, withCheck: sql\`\${t.id} in (select \${orders.id} from \${orders} where \${orders.amount} > 0)\` }), pgPolicy("strict", { as: "restrictive", to: "current_user", using: sql\`\${t.state} = 'fresh'\` })]);\nexport const seen = pgPolicy("seen", { for: "select", using: sql\`\${regions.id} > 0\` }).link(regions);\nexport const secrets = pgTable("secrets", { id: integer("id").primaryKey() }).enableRLS();\n`]] },
  { what: "roles, one that a policy is for, and schemas that nothing stands in, one of them of a table before it is exported", edits: [[/$/, `export const writer = pgRole("chain_writer", { createRole: true, inherit: false });\nexport const gone = pgRole("chain_gone");\nexport const spare = pgSchema("spare");\nconst unsaid = pgSchema("unsaid");\nexport const kept = unsaid.table("kept", { id: integer("id") }, () => [pgPolicy("by writers", { to: [writer, reader] })]);\n`]] },
  { what: "a role renamed, as answered, another one with other options, one that only a policy names from then on, one dropped; a schema dropped and one exported", edits: [[`pgRole("chain_writer",`, `pgRole("chain_author",`], [`pgRole("chain_gone")`, `pgRole("chain_new", { createDb: true })`], [/export const spare.*\n/, ""], [`const unsaid`, `export const unsaid`]], renames: { chain_writer: "chain_author", chain_gone: null } },
  { what: "other options of roles, and a table dropped with its schema, its policy and the role of that", edits: [[/export const (unsaid|kept|writer).*\n/g, ""], [`{ createDb: true }`, `{ createRole: true, inherit: false }`]] },
  { what: "a role dropped", edits: [[/export const gone.*\n/, ""]] },
  { what: "policies of other roles, expressions and commands, under a column of another type", edits: [[`to: [reader, "public"], for: "update"`, `to: reader, for: "update"`], [`\${orders.amount} > 0)`, `\${orders.amount} > 1)`], [`varchar("owner", { length: 20 })`, `text("owner")`], [`pgPolicy("strict", { as: "restrictive", to: "current_user"`, `pgPolicy("strict", { for: "delete", to: "current_user"`]] },
  { what: "a policy renamed, as answered, one dropped with the last of its table, row level security turned on and off", edits: [[`pgPolicy("own notes"`, `pgPolicy("own"`], [/export const seen.*\n/, ""], [`{ id: integer("id").primaryKey() }).enableRLS()`, `{ id: integer("id").primaryKey() })`], [/(export const notes.*)\)\]\);/, (all: string) => all.replace(/\);$/, ").enableRLS();")]], renames: { "notes.own notes": "own" } },
  { what: "a policy and the column that it reads, and a table with its policies, dropped", edits: [[/, pgPolicy\("strict".*?\}\)/, ""], [`, state: state("state") }, (t) => [pgPolicy`, ` }, (t) => [pgPolicy`], [/export const secrets.*\n/, ""]] },
  { what: "tables and an enum dropped", edits: [[/export const items[\s\S]*?\]\);\n/, ""], [/export const notes.*\n/, ""], [/ {2}kind: .*\n/, ""], [/export const kind.*\n/, ""], [`  state: state("state").notNull().default("fresh"),\n`, ""], [/ {2}index\("orders_open_idx"\).*\n/, ""], [/export const state.*\n/, ""]] },
];

describe("a Drizzle project, change upon change", function () {
  this.timeout(300_000);
  const folder = mkdtempSync(join(tmpdir(), "plumbline-chain-"));
  let server: Postgres;
  /** What is there before any and after all migrations. */
  let empty: Fingerprint, final: Fingerprint;
  before(async () => {
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    writeFileSync(join(folder, "drizzle.config.ts"), `import { defineConfig } from "drizzle-kit"; export default defineConfig({ dialect: "postgresql", schema: "./schema.ts", out: "./drizzle" });`);
    server = await startPostgres();
    const client = new Client(server.connection);
    await client.connect();
    await client.query("create role chain_reader").finally(() => client.end());
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    return server?.stop();
  });

  interface Database {
    readonly connection: Postgres["connection"];
    migrations(): MigrationFolder;
    up(count?: number): Promise<void>;
    down(count: number): Promise<void>;
    /** `migrate()` of drizzle-orm over the first `count` migrations. */
    drizzle(count?: number): Promise<void>;
    objects(): Promise<Fingerprint>;
    /** With the code's words for the views that are the same, as the server says. */
    model(code: SchemaModel): Promise<SchemaModel>;
  }

  async function database(name: string): Promise<Database> {
    const connection = await server.createDatabase(name);
    const settings = settingsOf(connection);
    const session = () => openSession(settings);
    const read = (): MigrationFolder => findFolder(diskFiles(folder), code().model)!;
    const context = async () => ({ folder: read(), parser: await loadSqlParser(), by: "test", connect: (signal?: AbortSignal) => openSession(settings, { signal }) });
    return {
      connection,
      migrations: read,
      up: async (count) => void (await up(await context(), { lossesConfirmed: true, ...(count !== undefined && { count }) })),
      down: async (count) => void (await down(await context(), { lossesConfirmed: true, count })),
      async drizzle(count) {
        const client = new Client(connection);
        await client.connect();
        try {
          await migrate(drizzle(client), { migrationsFolder: count === undefined ? join(folder, "drizzle") : firstOf(count) });
        } finally {
          await client.end();
        }
      },
      async objects() {
        const one = await session();
        return fingerprint(one, [read().journal, { ...read().journal, name: runsTable }]).finally(() => one.close());
      },
      async model(code) {
        const one = await session();
        try {
          const { model: read } = await readSession(one);
          const pairs = viewPairs(code, read);
          const answers = pairs.length === 0 ? [] : viewAnswers(pairs, (await one.run(viewQuestions(pairs))).at(-2)!.rows);
          const model = withViewsOf(read, pairs.filter((_, at) => answers[at] === "same"));
          return { ...model, tables: model.tables.filter(({ name }) => name.schema !== "drizzle") };
        } finally {
          await one.close();
        }
      },
    };
  }

  /** A folder beside with the journal's first migrations. */
  function firstOf(count: number): string {
    const journal = JSON.parse(readFileSync(join(folder, "drizzle/meta/_journal.json"), "utf8")) as { entries: { tag: string }[] };
    const entries = journal.entries.slice(0, count);
    const at = join(folder, `first-${count}`);
    save([{ file: join(at, "meta/_journal.json"), text: JSON.stringify({ ...journal, entries }) }, ...entries.map(({ tag }) => ({ file: join(at, `${tag}.sql`), text: readFileSync(join(folder, "drizzle", `${tag}.sql`), "utf8") }))]);
    return at;
  }

  function save(written: readonly { readonly file: string; readonly text: string }[]): void {
    for (const { file, text } of written) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  function code() {
    const files = diskFiles(folder), session = open(files);
    const { model, problems } = session.read(session.discover()[0]!);
    assert.deepEqual(problems, []);
    return { files, model };
  }

  let built: Database;
  let text = start;
  for (const { what, edits, renames = {}, meta = [], byHand } of steps)
    it(`${what}: drizzle-kit finds nothing left to do`, async () => {
      built ??= await database("built");
      for (const [from, to] of edits) {
        const next = text.replace(from, (found) => (typeof to === "string" ? to : to(found)));
        assert.notEqual(next, text, String(from));
        text = next;
      }
      writeFileSync(join(folder, "schema.ts"), text);
      const { files, model } = code();
      const own = findFolder(files, model) ?? newFolder(files, model);
      const recorded = recordedObjects(own, files);
      const before = withDeclared(await built.model(model), recorded);
      const hand: Generated | undefined = byHand && { migrations: [{ name: what, ...byHand, changes: [], losses: [], after: model }], refused: [], questions: [] };
      const { migrations, refused, questions } = hand ?? generate({ name: what, format: own.format, before, wanted: model, renames, record: ownersRecord(recorded, recordedConstraints(own, diskFiles(folder))) });
      assert.deepEqual([refused, questions], [[], []]);
      assert.ok(migrations.length > 0);
      const written = drizzleV0.write(own, migrations, files, { now: new Date(Date.UTC(2026, 0, 1)), before, after: migrations.map(({ after }) => after) });
      save(written);
      const last = written.findLast(({ file }) => file.endsWith("_snapshot.json"))!;
      const theirs = JSON.parse(JSON.stringify({ ...(await drizzleSnapshot({ "schema.ts": text })), id: "", prevId: "" })) as { readonly _meta: object };
      // What was renamed on the way is no part of a schema.
      const snapshot = { ...(JSON.parse(last.text) as object), id: "", prevId: "", _meta: theirs._meta };
      assert.deepEqual(written.filter(({ file }) => file.endsWith("_snapshot.json")).flatMap((one) => Object.values((JSON.parse(one.text) as { _meta: Record<string, object> })._meta).flatMap(Object.entries)), meta);
      await built.up();
      const { rowSecurity } = ownersRecord(recordedObjects(findFolder(diskFiles(folder), model)!, diskFiles(folder)));
      assert.deepEqual(differences(await built.model(model), model, rowSecurity && { rowSecurity }), []);
      assert.deepEqual(snapshot, theirs);
      assert.deepEqual(await drizzleChanges(snapshot, theirs), []);
    });

  const kit = (...words: readonly string[]): { readonly status: number | null; readonly output: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules/drizzle-kit/bin.cjs"), ...words], { cwd: folder, encoding: "utf8" });
    return { status, output: stdout + stderr };
  };

  it("its command line finds the folder in order, and nothing to generate", () => {
    assert.match(kit("check").output, /Everything's fine/);
    assert.match(kit("generate").output, /No schema changes, nothing to migrate/);
  });

  it("drizzle-orm applies the whole folder to an empty database, a concurrent index and one of a partitioned table among it, and Plumbline nothing more; and the other way round", async () => {
    final = await built.objects();
    const whole = built.migrations().migrations.map(({ up: { sql } }) => sql).join("");
    assert.match(whole, /-- plumbline: concurrently\nCREATE INDEX "events_kind_idx_events_old"[\s\S]*CREATE INDEX "events_kind_idx" ON ONLY "events"[\s\S]*ALTER INDEX "events_kind_idx" ATTACH PARTITION "events_kind_idx_events_old"/);
    assert.ok(built.migrations().migrations.some(({ up: { sql } }) => /^-- plumbline: concurrently\nCREATE INDEX /.test(sql)));
    assert.match(built.migrations().migrations.map(({ down }) => down?.sql ?? "").join(""), /^-- The values stay filled in: /m);
    const theirs = await database("theirs");
    empty = await theirs.objects();
    await theirs.drizzle();
    await theirs.up();
    await built.drizzle();
    for (const one of [theirs, built]) assert.deepEqual(differencesOf(final, await one.objects(), "there"), []);
  });

  it("in turn: some by drizzle-orm, some by Plumbline, some by drizzle-orm", async () => {
    const mixed = await database("mixed");
    const all = built.migrations().migrations.length;
    await mixed.drizzle(Math.floor(all / 3));
    await mixed.up(Math.floor(all / 3));
    await mixed.drizzle();
    assert.deepEqual(differencesOf(final, await mixed.objects(), "there"), []);
  });

  it("all of it taken back leaves what was there before", async () => {
    await built.down(built.migrations().migrations.length);
    assert.deepEqual(differencesOf(empty, await built.objects(), "there"), []);
  });
});
