// The code against a real database. One that the ORM's own tool made from the code differs in nothing; each single change
// of it is told once, by its rule, at its place.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { defaults } from "../../server/src/config";
import { openPostgres } from "../../server/src/databases/postgres/open";
import type { ConnectedDatabase } from "../../server/src/database-checking";
import { openProject } from "../../server/src/engine";
import type { Finding } from "../../server/src/model/finding";
import { drizzleSql } from "../oracles/drizzle/kit";
import type { Postgres } from "../oracles/postgres";
import { prismaSql } from "../oracles/prisma/schema-engine";
import { applyEdits, memoryFiles, root } from "../rules/cases";
import { generator } from "./latency";
import { onEachServer, settingsOf } from "./servers";

type Files = Readonly<Record<string, string>>;

const shop = join(__dirname, "../../examples");
const drizzleFolder = join(shop, "drizzle-shop/src/db/schema");
const drizzleShop: Files = Object.fromEntries(readdirSync(drizzleFolder).map((name) => [name, readFileSync(join(drizzleFolder, name), "utf8")]));
const prismaShop: Files = { "schema.prisma": readFileSync(join(shop, "prisma-shop/prisma/schema.prisma"), "utf8") };

const isDrift = ({ rule }: Finding): boolean => rule.startsWith("drift/") || rule === "fk/action-mismatch";

function project(files: Files, casing?: string) {
  const config = Object.keys(files).some((name) => name.endsWith(".ts")) ? { "drizzle.config.ts": `export default { dialect: "postgresql", schema: "./*.ts"${casing ? `, casing: "${casing}"` : ""} };` } : {};
  const texts = new Map(Object.entries({ ...files, ...config }).map(([name, text]) => [`${root}/${name}`, text]));
  return { texts, project: openProject(memoryFiles(texts), defaults) };
}

onEachServer((server) => {
  let made = 0;

  async function make(statements: readonly string[]): Promise<Postgres["connection"]> {
    const connection = await server().createDatabase(`drift_${++made}`);
    await run(connection, statements);
    return connection;
  }

  async function run(connection: Postgres["connection"], statements: readonly string[]): Promise<void> {
    const client = new Client(connection);
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  }

  async function read(connection: Postgres["connection"], searched?: string): Promise<ConnectedDatabase> {
    const database = await openPostgres({ ...settingsOf(connection), ...(searched !== undefined && { schema: searched }) });
    try {
      const { reading, facts } = await database.readAll();
      return { model: reading.model, facts };
    } finally {
      await database.close();
    }
  }

  describe("a database that the ORM's tool made from the code", () => {
    async function differsInNothing(files: Files, statements: readonly string[], casing?: string): Promise<void> {
      const { project: opened } = project(files, casing);
      opened.connect([await read(await make(statements))]);
      const report = opened.report();
      assert.deepEqual(report.failures, []);
      const [database] = report.databases;
      assert.equal(database!.schemas.length, 1);
      assert.ok(database!.database.model.tables.length >= report.schemas[0]!.model.tables.filter(({ implicit }) => !implicit).length);
      assert.deepEqual(report.findings.filter(isDrift).map(({ rule, message }) => `${rule}: ${message}`), []);
    }

    it("examples/drizzle-shop", async () => differsInNothing(drizzleShop, await drizzleSql(drizzleShop, "snake_case"), "snake_case"));
    it("examples/prisma-shop", async () => differsInNothing(prismaShop, [await prismaSql(prismaShop, server().connection)]));
    it("examples/prisma-shop in another schema than public, as ?schema= says", async () => {
      const schema = 'The "shop"';
      const connection = await make(['create schema "The ""shop"""; set search_path = "The ""shop"""', await prismaSql(prismaShop, server().connection), 'create table public."orders" (id text)']);
      const { project: opened } = project(prismaShop);
      const drift = (): readonly string[] => opened.report().findings.filter(isDrift).map(({ rule, message }) => `${rule}: ${message}`);
      opened.connect([await read(connection, schema)]);
      assert.deepEqual([opened.report().failures, opened.report().databases.map(({ schemas }) => schemas.length), drift()], [[], [1], []]);
      assert.ok(opened.report().databases[0]!.database.model.tables.some(({ name }) => name.schema === schema), "the reading itself names the schema");
      opened.connect([await read(connection)]);
      assert.ok(drift().length > 0, "without ?schema= the tables are not there");
    });
    it("the table in which migrations are recorded, whatever the config calls it", async () => {
      const config = `export default { dialect: "postgresql", schema: "./*.ts", casing: "snake_case", migrations: { table: "applied", schema: "public" } };`;
      const opened = openProject(memoryFiles(new Map(Object.entries({ ...drizzleShop, "drizzle.config.ts": config }).map(([name, text]) => [`${root}/${name}`, text]))), defaults);
      const database = await read(await make([...(await drizzleSql(drizzleShop, "snake_case")), "create table applied (id serial primary key, hash text not null, created_at bigint)"]));
      const drift = (): readonly string[] => opened.report().findings.filter(isDrift).map(({ message }) => message);
      opened.connect([database]);
      assert.deepEqual(drift(), []);
      opened.configure({ ...defaults, migrations: { folder: `${root}/migrations`, table: "other" } });
      assert.equal(drift().length, 1, "the settings win");
      opened.configure({ ...defaults, migrations: { folder: `${root}/migrations`, table: "applied", schema: "public" } });
      assert.deepEqual(drift(), []);
    });
    for (const tables of [50, 174, 500]) {
      it(`${tables} tables in Drizzle`, async () => {
        const { buildModel, toDrizzle } = await generator();
        const files = { "schema.ts": toDrizzle(buildModel(tables)) };
        await differsInNothing(files, await drizzleSql(files));
      });
      it(`${tables} tables in Prisma`, async () => {
        const { buildModel, toPrisma } = await generator();
        const files = { "schema.prisma": toPrisma(buildModel(tables)) };
        await differsInNothing(files, [await prismaSql(files, server().connection)]);
      });
    }
  });

  describe("one change of the database", () => {
    const drizzle: Files = {
      "schema.ts": `import { sql, type SQL } from "drizzle-orm";
import { bigint, check, index, integer, pgEnum, pgTable, text, timestamp, uniqueIndex, varchar } from "drizzle-orm/pg-core";

export const status = pgEnum("status", ["open", "paid"]);

export const clients = pgTable("clients", {
  id: integer("id").primaryKey(),
  email: varchar("email", { length: 200 }).notNull().unique(),
  passwordHash: text("password_hash"),
});

export const orders = pgTable("orders", {
  id: integer("id").primaryKey(),
  clientId: integer("client_id").notNull().references(() => clients.id, { onDelete: "cascade" }),
  status: status("status").notNull().default("open"),
  amount: integer("amount").notNull().default(0),
  deletedAt: timestamp("deleted_at", { withTimezone: true }),
}, (table) => [
  index("orders_client_id_idx").on(table.clientId),
  index("orders_open_idx").on(table.status).where(sql\`\${table.deletedAt} is null\`),
  uniqueIndex("orders_amount_key").on(table.amount, table.clientId),
  check("orders_amount_check", sql\`\${table.amount} between 0 and 1000\`),
]);

export const counters = pgTable("counters", {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity({ startWith: 100, increment: 5, minValue: 10, maxValue: 100000, cache: 7, cycle: true }),
  plain: integer("plain").generatedByDefaultAsIdentity(),
  falling: integer("falling").generatedAlwaysAsIdentity({ name: "down_to", increment: -1 }),
  note: text("note"),
  loud: text("loud").generatedAlwaysAs((): SQL => sql\`upper(\${counters.note})\`),
});
`,
    };
    const prisma: Files = {
      "schema.prisma": `datasource db {
  provider = "postgresql"
}

enum status {
  open
  paid
}

model clients {
  id            Int      @id
  email         String   @unique @db.VarChar(200)
  password_hash String?
  orders        orders[]
}

model orders {
  id         Int       @id
  client_id  Int
  client     clients   @relation(fields: [client_id], references: [id], onDelete: Cascade, onUpdate: NoAction)
  status     status    @default(open)
  amount     Int       @default(0)
  deleted_at DateTime? @db.Timestamptz(6)

  @@unique([amount, client_id])
  @@index([client_id])
}
`,
    };

    /** What is done to the database, what is said of it, and whether Prisma's schema can tell. */
    const changes: readonly { readonly sql: string; readonly expected: readonly string[]; readonly only?: "drizzle" }[] = [
      { sql: "create table audits (id int primary key)", expected: ["error drift/table-missing The table audits stands in the database"] },
      { sql: "drop table orders", expected: ["error drift/table-extra The table orders stands here and not in the database"] },
      { sql: "alter table clients rename to customers", expected: ["error drift/table-renamed The table clients looks renamed: it is customers in the database"] },
      { sql: "alter table orders rename to purchases", expected: ["error drift/table-renamed The table orders looks renamed: it is purchases in the database"] },
      { sql: "alter table counters alter id set increment by 2 set start with 300", expected: ["hint drift/default counters.id is generated always as identity (increment by 5 minvalue 10 maxvalue 100000 start with 100 cache 7 cycle) here and generated always as identity (increment by 2 minvalue 10 maxvalue 100000 start with 300 cache 7 cycle) in the database"], only: "drizzle" },
      { sql: "alter table counters alter plain set generated always", expected: ["hint drift/default counters.plain is generated by default as identity here and generated always as identity in the database"], only: "drizzle" },
      { sql: "alter table counters drop loud, add loud text generated always as (lower(note)) stored", expected: ["hint drift/default counters.loud is generated as (upper(\"note\")) stored here and generated as (lower(note)) stored in the database"], only: "drizzle" },
      { sql: "alter table clients add note text", expected: ["error drift/column-missing clients.note stands in the database"] },
      { sql: "alter table clients drop password_hash", expected: ["error drift/column-extra clients.password_hash stands here and not in the database"] },
      { sql: "alter table clients rename password_hash to password", expected: ["error drift/column-renamed clients.password_hash is password in the database"] },
      { sql: "alter table orders alter amount type bigint", expected: ["error drift/type orders.amount is integer here and bigint in the database"] },
      { sql: "alter table clients alter email type varchar(100)", expected: ["error drift/type clients.email is character varying(200) here and character varying(100) in the database"] },
      { sql: "alter table orders alter deleted_at set not null", expected: ["error drift/nullability orders.deleted_at may be NULL here and not in the database"] },
      { sql: "alter table orders alter amount set default 5", expected: ["hint drift/default the default of orders.amount is 0 here and 5 in the database"] },
      { sql: "alter table orders alter status drop default", expected: ["hint drift/default the default of orders.status"] },
      { sql: "alter type status add value 'sent'", expected: ["error drift/enum the enum status has sent only in the database"] },
      { sql: "alter table orders drop constraint orders_pkey", expected: ["warning drift/primary-key the primary key of orders is (id) here and none in the database"] },
      { sql: "drop index if exists orders_amount_key; drop index if exists orders_amount_client_id_key", expected: ["warning drift/unique orders(amount, client_id) is unique here and not in the database"] },
      { sql: "create unique index on clients (password_hash)", expected: ["warning drift/unique clients(password_hash) is unique in the database"] },
      { sql: "alter table orders drop constraint if exists orders_client_id_fkey, drop constraint if exists orders_client_id_clients_id_fk", expected: ["warning drift/foreign-key orders(client_id) references clients(id) here and not in the database"] },
      { sql: "alter table orders drop constraint if exists orders_client_id_fkey, drop constraint if exists orders_client_id_clients_id_fk; alter table orders add foreign key (client_id) references clients on delete restrict", expected: ["warning fk/action-mismatch The foreign key orders(client_id) to clients: on delete is cascade here and restrict in the database"] },
      { sql: "drop index orders_client_id_idx", expected: ["warning drift/index-missing The index orders_client_id_idx on (client_id) of orders stands here and not in the database", "warning drift/index-missing The index on (client_id) of orders stands here and not in the database"] },
      { sql: "create index orders_amount_idx on orders (amount)", expected: ["warning drift/index-only-in-database The index orders_amount_idx on (amount) of orders stands in the database"] },
      { sql: "drop index orders_client_id_idx; create index orders_client_id_idx on orders using hash (client_id)", expected: ["warning drift/index-differs the index orders_client_id_idx of orders has method hash in the database", "warning drift/index-differs the index index on (client_id) of orders has method hash in the database"] },
      { sql: "drop index orders_open_idx; create index orders_open_idx on orders (status) where deleted_at is not null", expected: ["warning drift/index-differs the index orders_open_idx of orders has the predicate"], only: "drizzle" },
      { sql: "alter index orders_open_idx rename to orders_status_idx", expected: ["hint drift/index-differs the index orders_open_idx of orders is called orders_status_idx in the database"], only: "drizzle" },
      { sql: "alter table orders rename amount to total_amount", expected: ["error drift/column-renamed orders.amount is total_amount in the database"] },
      { sql: "alter table orders rename deleted_at to deleted_on", expected: ["error drift/column-renamed orders.deleted_at is deleted_on in the database"] },
      { sql: "alter table clients rename id to client_id", expected: ["error drift/column-renamed clients.id is client_id in the database"] },
      { sql: "drop index if exists orders_amount_key; drop index if exists orders_amount_client_id_key; create index orders_amount_key on orders (amount, client_id)", expected: ["warning drift/unique the unique index orders_amount_key on (amount, client_id) of orders is not unique in the database", "warning drift/unique the unique index on (amount, client_id) of orders is not unique in the database"] },
      { sql: "alter table clients drop constraint if exists clients_email_unique; drop index if exists clients_email_key; create index clients_email_key on clients (email)", expected: ["warning drift/unique the unique index on (email) of clients is not unique in the database"] },
      { sql: "drop index orders_client_id_idx; create unique index orders_client_id_idx on orders (client_id)", expected: ["warning drift/unique the index orders_client_id_idx on (client_id) of orders is unique in the database", "warning drift/unique the index on (client_id) of orders is unique in the database"] },
      { sql: "drop index orders_client_id_idx; create index orders_client_id_idx on orders (client_id desc)", expected: ["warning drift/index-differs the index"] },
      { sql: "drop index orders_client_id_idx; create index orders_client_idx on orders (client_id desc)", expected: ["warning drift/index-differs the index"] },
      { sql: "alter table orders drop constraint orders_amount_check", expected: ["warning drift/check orders has the check orders_amount_check here and not in the database"], only: "drizzle" },
      { sql: "alter table orders add constraint positive check (amount > 0)", expected: ["warning drift/check orders has the check positive in the database"], only: "drizzle" },
    ];

    for (const [language, files, sqlOf] of [["Drizzle", drizzle, drizzleSql], ["Prisma", prisma, async (some: Files) => [await prismaSql(some, server().connection)]]] as const)
      describe(language, () => {
        let made: Promise<readonly string[]> | undefined;
        for (const { sql, expected, only } of changes) {
          if (only && only !== language.toLowerCase()) continue;
          it(sql, async () => {
            const cascade = sql.replace(/^drop table (\w+)$/, "drop table $1 cascade");
            const connection = await make([...(await (made ??= sqlOf(files))), cascade]);
            const { project: opened, texts } = project(files);
            opened.connect([await read(connection)]);
            const found = opened.report().findings.filter(isDrift);
            assert.equal(found.length, 1, found.map(({ rule, message }) => `${rule}: ${message}`).join("\n"));
            const [finding] = found as [Finding];
            const said = `${finding.severity} ${finding.rule} ${finding.message}`;
            assert.ok(expected.some((one) => said.startsWith(one)), said);
            assert.ok(finding.at && texts.has(finding.at.file), "it has no place in the code");
            // What the code alone has is made in the database by a migration.
            assert.equal(finding.fixes.length > 0, !finding.message.includes("no migration has made it there yet") && finding.rule !== "fk/action-mismatch" && !finding.message.includes(" is generated "), "whether it has a fix");
            for (const fix of finding.fixes) {
              const written = opened.write([{ finding, fix }]);
              assert.deepEqual(written.refused.map(({ reason }) => reason), []);
              const again = openProject(memoryFiles(applyEdits(texts, written.edits)), defaults);
              again.connect([await read(connection)]);
              assert.deepEqual(again.report().findings.filter(isDrift).map(({ message }) => message), [], fix.title);
            }
          });
        }
      });
  });

  describe("everything that differs at once is written into the code", () => {
    const types = [
      "text", "varchar", "varchar(40)", "char(3)", "integer", "smallint", "bigint", "boolean", "real", "double precision", "numeric", "numeric(10)", "numeric(10,2)", "date", "time", "time(3)", "timetz",
      "timestamp", "timestamp(3)", "timestamptz", "timestamptz(3)", "uuid", "json", "jsonb", "inet", "text[]", "integer[]", "status", "status[]",
    ];
    const drizzleTypes = ["interval", "interval(3)", "interval day to hour", "cidr", "macaddr", "macaddr8", "point", "line", "bit(3)"];
    const prismaTypes = ["bytea", "bit(3)", "varbit(9)", "oid", "xml", "money"];
    const values: readonly (readonly [type: string, sql: string])[] = [
      ["text", "'it''s \"x\"'"], ["varchar(9)", "'7'"], ["integer", "-3"], ["bigint", "9"], ["numeric(10,2)", "1.50"], ["boolean", "true"], ["timestamptz", "now()"], ["date", "'2020-01-01'"], ["uuid", "gen_random_uuid()"],
      ["jsonb", "'{}'"], ["jsonb", "'{\"a\": [1]}'"], ["text[]", "'{}'"], ["text[]", "array['a','b']"], ["status", "'paid'"], ["integer", "(1 + 2)"], ["text", "lower('A')"],
    ];
    const drizzleCode = (columns: string): Files => ({ "schema.ts": `import { integer, pgEnum, pgTable, text } from "drizzle-orm/pg-core";\n\nexport const status = pgEnum("status", ["open", "paid"]);\n\nexport const things = pgTable("things", {\n  id: integer("id").primaryKey(),\n${columns}});\n` });
    const prismaCode = (columns: string): Files => ({ "schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n\nenum status {\n  open\n  paid\n}\n\nmodel things {\n  id Int @id\n${columns}}\n` });

    for (const language of ["Drizzle", "Prisma"] as const) {
      const code = language === "Drizzle" ? drizzleCode : prismaCode;
      const all = [...types, ...(language === "Drizzle" ? drizzleTypes : prismaTypes)];
      const before = all.map((_, index) => (language === "Drizzle" ? `  c${index}: text("c${index}"),\n` : `  c${index} String?\n`)).join("");
      const create = (columns: readonly string[]): readonly string[] => ["create type status as enum ('open', 'paid')", `create table things (id int primary key, ${columns.join(", ")})`];

      it(`${language}: types of columns`, async () => silences(code(before), create(all.map((type, index) => `c${index} ${type}`)), 25));
      it(`${language}: new columns`, async () => silences(code(""), create(all.map((type, index) => `some_c${index} ${type} ${type.endsWith("]") || index % 2 === 0 ? "not null" : ""}`)), all.length));
      it(`${language}: defaults of new columns`, async () => silences(code(""), create(values.map(([type, sql], index) => `c${index} ${type} not null default ${sql}`)), values.length));
    }

    it("Drizzle: new tables", async () => silences(drizzleCode(""), [
      "create type status as enum ('open', 'paid')", "create type mood as enum ('good', 'not so good')", "create table things (id int primary key)",
      "create table order_audits (id bigint generated always as identity primary key, thing_id int not null references things on delete cascade, parent_id bigint references order_audits, mood mood not null default 'good', state status, total numeric(10,2) generated always as (1.5 * 2) stored, note text, constraint noted check (note <> '' and mood = 'good'), constraint noted_once unique (thing_id, note))",
      "create index on order_audits (thing_id, id desc)", "create index on order_audits using gin (to_tsvector('simple', note)) where note is not null", "create index on order_audits (note) include (mood)",
      "create table pairs (one int references things, two serial, primary key (one, two))",
    ], 3));

    it("Prisma: new tables", async () => silences(prismaCode(""), [
      "create type status as enum ('open', 'paid')", "create type mood as enum ('good', 'not so good')", "create table things (id int primary key)",
      "create table order_audits (id bigint generated always as identity primary key, thing_id int not null references things on delete cascade, parent_id bigint references order_audits, mood mood not null default 'good', state status, note text, constraint noted_once unique (thing_id, note))",
      "create index on order_audits (thing_id, id desc)", "create index on order_audits (lower(note))", "create index audits_by_mood on order_audits using hash (mood)",
      "create table pairs (one_id int references things, two_id int references things on update cascade, three serial, audit_id bigint unique references order_audits, primary key (one_id, two_id))",
    ], 3));

    /** At least `count` findings, and none once their fixes are written. */
    async function silences(files: Files, statements: readonly string[], count: number): Promise<void> {
      const database = await read(await make(statements));
      const { project: opened, texts } = project(files);
      opened.connect([database]);
      const found = opened.report().findings.filter(isDrift);
      assert.ok(found.length >= count, `${found.length} findings`);
      const written = opened.write(found.flatMap((finding) => finding.fixes.slice(0, 1).map((fix) => ({ finding, fix }))));
      assert.deepEqual(written.refused.map(({ fix, reason }) => `${fix.title}: ${reason}`), []);
      const edited = applyEdits(texts, written.edits);
      const again = openProject(memoryFiles(edited), defaults);
      again.connect([database]);
      assert.deepEqual(again.report().findings.filter(isDrift).map(({ message }) => message), [], [...edited.values()].join("\n"));
      const prismaText = edited.get(`${root}/schema.prisma`);
      // What Prisma's own engine accepts, it also turns into SQL.
      if (prismaText !== undefined) await prismaSql({ "schema.prisma": prismaText }, server().connection);
    }
  });
});
