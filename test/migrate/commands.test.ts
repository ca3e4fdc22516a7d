// The migrate commands as processes: a project that pushed until now gets its first migration recorded, a plan writes
// nothing, of a large schema only the chosen tables are migrated, and hand-written migrations begin with all their parts.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate as migrateByDrizzle } from "drizzle-orm/node-postgres/migrator";
import { Client } from "pg";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { temporaryFolder } from "../database/embedded/runtime";
import { bundled, plumbline, project, put, type Run } from "../unit/terminal/plumbline";
import { atTerminal } from "../unit/terminal/pseudo-terminal";

const require = createRequire(__filename);
const imports = 'import { integer, pgTable, text, index } from "drizzle-orm/pg-core";\n';
const config = 'export default { dialect: "postgresql", schema: "./schema.ts", out: "./drizzle" };\n';
const v1 = '{ "dependencies": { "drizzle-orm": "1.0.0-rc.5" } }';
const clients = 'export const clients = pgTable("clients", { id: integer("id").primaryKey(), email: text("email").notNull() });\n';
const orders = 'export const orders = pgTable("orders", { id: integer("id").primaryKey(), clientId: integer("client_id").notNull().references(() => clients.id) }, (table) => [index("orders_client_id_idx").on(table.clientId)]);\n';

describe("plumbline migrate, its commands", function () {
  this.timeout(300_000);
  let server: Postgres;
  const cache = temporaryFolder();
  before(async () => {
    [server] = await Promise.all([startPostgres(), bundled()]);
  });
  after(() => server?.stop());

  const migrate = (root: string, ...words: readonly string[]): Promise<Run> => plumbline(["migrate", ...words], { cwd: root, env: { XDG_CACHE_HOME: cache, HOME: cache } });
  async function database(name: string, sql: string): Promise<{ readonly client: Client; readonly url: string }> {
    const client = new Client(await server.createDatabase(name));
    await client.connect();
    await client.query(sql);
    return { client, url: `postgresql://postgres@/${name}?host=${encodeURIComponent(server.connection.host)}` };
  }

  it("baseline: a project that pushed until now gets its first migration, which is recorded and not run; with a difference it refuses and shows it", async () => {
    const { client, url } = await database("pushed", "create table clients (id integer primary key, email text not null); create table orders (id integer primary key, client_id integer not null references clients); insert into clients values (1, 'a')");
    const root = project({ "schema.ts": imports + clients + orders, "drizzle.config.ts": config, "package.json": "{}" });
    try {
      const refused = await migrate(root, "baseline", "--database", url, "--yes");
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /differs from the schema.*\n {2}\+ orders: index orders_client_id_idx/);
      assert.equal(existsSync(join(root, "drizzle")), false);
      await client.query("create index orders_client_id_idx on orders (client_id); alter table orders rename constraint orders_client_id_fkey to orders_client_id_clients_id_fk");
      const done = await migrate(root, "baseline", "--database", url, "--yes");
      assert.equal(done.code, 0, done.stderr);
      assert.deepEqual(readdirSync(join(root, "drizzle")).filter((name) => /^\d{4}_[a-z]+\.sql$/.test(name)), ["0000_baseline.sql"]);
      assert.equal((await migrate(root, "status", "--database", url)).code, 0);
      // The owner goes on as if it had written and applied it.
      await migrateByDrizzle(drizzle(client), { migrationsFolder: join(root, "drizzle") });
      assert.deepEqual((await client.query("select count(*)::int as n from clients")).rows, [{ n: 1 }]);
      const nothing = await migrate(root, "new", "nothing");
      assert.deepEqual([nothing.code, nothing.stdout], [0, ""], nothing.stderr);
      const planned = await migrate(root, "new", "nothing", "--database", url, "--plan", "--format", "json");
      const { direction, migrations, obstacles } = JSON.parse(planned.stdout) as { direction: string; migrations: readonly unknown[]; obstacles: readonly string[] };
      assert.deepEqual([planned.code, direction, migrations, obstacles], [0, "up", [], []], planned.stderr);
    } finally {
      await client.end();
    }
  });

  it("baseline in a project of Drizzle 1.0: its first migration is made and recorded; then those of a folder that is there; its owner goes on", async () => {
    const { client, url } = await database("pushed_v1", "create table clients (id integer primary key, email text not null); insert into clients values (1, 'a')");
    const root = project({ "schema.ts": imports + clients, "drizzle.config.ts": config, "package.json": v1 });
    const { drizzle: drizzleV1 } = require("drizzle-orm-v1/node-postgres") as { drizzle(options: { readonly client: Client }): never };
    const { migrate: migrateV1 } = require("drizzle-orm-v1/node-postgres/migrator") as { migrate(db: never, options: { readonly migrationsFolder: string }): Promise<void> };
    try {
      const made = await migrate(root, "baseline", "--database", url, "--yes");
      assert.equal(made.code, 0, made.stderr);
      const [first, ...others] = readdirSync(join(root, "drizzle"));
      assert.deepEqual([/^\d{14}_baseline$/.test(first!), others], [true, []]);
      assert.deepEqual(readdirSync(join(root, "drizzle", first!)).sort(), ["down.sql", "migration.sql", "snapshot.json"]);
      // Another database of the project, which has no record yet.
      const other = await database("pushed_v1_too", "create table clients (id integer primary key, email text not null)");
      await other.client.end();
      const again = await migrate(root, "baseline", "--database", other.url, "--yes");
      assert.equal(again.code, 0, again.stderr);
      assert.deepEqual(readdirSync(join(root, "drizzle")), [first]);
      await migrateV1(drizzleV1({ client }), { migrationsFolder: join(root, "drizzle") });
      assert.deepEqual((await client.query("select count(*)::int as n from clients")).rows, [{ n: 1 }]);
    } finally {
      await client.end();
    }
  });

  const clientModel = 'datasource db {\n  provider = "postgresql"\n}\nmodel Client {\n  id    Int    @id\n  email String\n\n  @@map("clients")\n}\n';
  const clientsSql = "create table clients (id integer primary key, email text not null)";
  for (const [orm, files, first] of [
    ["Drizzle", { "schema.ts": imports + clients, "drizzle.config.ts": config, "package.json": "{}" }, /^\d{4}_baseline\.sql$/],
    ["Prisma", { "prisma/schema.prisma": clientModel }, /^\d{14}_baseline$/],
  ] as const)
    it(`baseline of a folder of plain SQL beside a schema of ${orm} records all of its files; an empty one gets the schema's own first migration`, async () => {
      const name = `plain_${orm.toLowerCase()}`;
      const { client, url } = await database(name, clientsSql);
      const setting = { "plumbline.config.json": '{ "migrations": { "folder": "db/sql" } }' };
      try {
        const root = project({ ...files, ...setting, "db/sql/0001_clients.sql": "create table clients (id integer primary key);\n", "db/sql/0002_email.sql": "alter table clients add column email text not null;\n" });
        const done = await migrate(root, "baseline", "--database", url, "--yes");
        assert.equal(done.code, 0, done.stderr);
        assert.deepEqual(readdirSync(join(root, "db/sql")), ["0001_clients.sql", "0002_email.sql"]);
        assert.deepEqual((await client.query("select version, status from schema_migrations order by 1")).rows, ["0001", "0002"].map((version) => ({ version, status: "baseline" })));
        const empty = project({ ...files, ...setting, "db/sql/README.md": "None yet.\n" });
        const begun = await migrate(empty, "baseline", "--database", url, "--yes");
        assert.equal(begun.code, 0, begun.stderr);
        assert.ok(readdirSync(join(empty, "db/sql")).some((file) => first.test(file)), String(readdirSync(join(empty, "db/sql"))));
        assert.equal((await migrate(empty, "status", "--database", url)).code, 0);
      } finally {
        await client.end();
      }
    });

  it("baseline without a schema in the code: the files are the schema, and what they lead to must be there", async () => {
    const { client, url } = await database("plain_alone", `${clientsSql}; grant select on clients to public`);
    const root = project({
      "migrations/0001_clients.sql": "-- migrate:up\ncreate table clients (id integer primary key, email text not null);\ngrant select on clients to app;\n-- migrate:down\ndrop table clients;\n",
      "migrations/0002_shown.sql": "-- migrate:up\ncreate index clients_email_idx on clients (email);\ncreate view shown as select email from clients;\n-- migrate:down\ndrop view shown;\ndrop index clients_email_idx;\n",
    });
    const baseline = (): Promise<Run> => migrate(root, "baseline", "--database", url, "--yes");
    try {
      const refused = await baseline();
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /differs from what the files in \S+\/migrations lead to.*\n {2}\+ clients: index clients_email_idx.*\n {2}\+ view public\.shown\n/);
      const told = await plumbline(["diff", "db", "migrations", "--database", url], { cwd: root, env: { XDG_CACHE_HOME: cache, HOME: cache } });
      assert.match(told.stdout, /clients_email_idx/, told.stderr);
      assert.deepEqual((await client.query("select to_regclass('schema_migrations') as record")).rows, [{ record: null }]);
      await client.query("create index clients_email_idx on clients (email); create view shown as select email from clients; alter table clients add column note text");
      assert.match((await baseline()).stderr, /\n {2}- clients: column note/);
      await client.query("alter table clients drop column note");
      const done = await baseline();
      assert.equal(done.code, 0, done.stderr);
      assert.match((await migrate(root, "up", "--database", url, "--yes")).stderr, /nothing to do/);
      assert.deepEqual((await client.query("select version, status from schema_migrations order by 1")).rows, ["0001", "0002"].map((version) => ({ version, status: "baseline" })));
    } finally {
      await client.end();
    }
  });

  it("up --dry-run writes nothing; to goes forwards and back; repair has nothing to do where nothing is begun; down --dry-run neither", async () => {
    const { client, url } = await database("steps", "select 1");
    const root = project({ "migrations/0001_a.sql": "-- migrate:up\ncreate table a (id int primary key);\n-- migrate:down\ndrop table a;\n", "migrations/0002_b.sql": "-- migrate:up\ncreate table b (id int primary key);\n-- migrate:down\ndrop table b;\n" });
    const tables = async (): Promise<readonly string[]> => (await client.query<{ name: string }>("select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1")).rows.map(({ name }) => name);
    try {
      const dry = await migrate(root, "up", "--dry-run", "--database", url);
      assert.equal(dry.code, 0, dry.stderr);
      assert.match(dry.stdout, /create table/i);
      assert.deepEqual(await tables(), []);
      assert.equal((await migrate(root, "to", "0002", "--database", url, "--yes")).code, 0);
      assert.deepEqual(await tables(), ["a", "b", "schema_migrations"]);
      assert.equal((await migrate(root, "down", "--dry-run", "--database", url)).code, 0);
      assert.deepEqual(await tables(), ["a", "b", "schema_migrations"]);
      const repaired = await migrate(root, "repair", "--database", url, "--yes");
      assert.equal(repaired.code, 0, repaired.stderr);
      assert.match(repaired.stderr, /nothing to do/);
      assert.equal((await migrate(root, "to", "0001_a", "--database", url, "--yes")).code, 0);
      assert.deepEqual(await tables(), ["a", "schema_migrations"]);
      const unknown = await migrate(root, "to", "0009", "--database", url, "--yes");
      assert.equal(unknown.code, 2);
      assert.match(unknown.stderr, /0009/);
    } finally {
      await client.end();
    }
  });

  it("asks at a terminal, and once more about what was not shown; a production database by its name; Ctrl+C changes nothing", async () => {
    const { client, url } = await database("asked", "select 1"), live = await database("asked_live", "select 1");
    const root = project({ "migrations/0001_a.sql": "create table a (id int primary key);\n", "plumbline.config.json": JSON.stringify({ connections: { asked: { url }, live: { url: live.url, production: true } } }) });
    const up = (name: string) => atTerminal(["migrate", "up", "--database", name], { cwd: root, env: { XDG_CACHE_HOME: cache, HOME: cache } });
    const tables = async (of = client): Promise<string> => (await of.query<{ names: string }>("select coalesce(string_agg(relname, ' ' order by relname), '') as names from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")).rows[0]!.names;
    try {
      for (const [key, told] of [["\u0003", /Nothing was changed\./], ["\r", /No/]] as const) {
        const left = await up("asked");
        await left.shown(/create table a[^]*up on asked\?/);
        left.type(key);
        await left.shown(told);
        assert.deepEqual([(await left.ended()).code, await tables()], [2, ""]);
      }
      const person = await up("asked");
      await person.shown(/create table a[^]*up on asked\?/);
      put(root, "migrations/0002_b.sql", "create table b (id int primary key);\n");
      person.type("y");
      await person.shown(/Nothing was run\. 0002_b was not among those that were shown[^]*create table a[^]*create table b[^]*up on asked\?/);
      assert.equal(await tables(), "");
      person.type("y");
      await person.shown(/2 migrations, \d+ ms/);
      assert.deepEqual([(await person.ended()).code, await tables()], [0, "a b schema_migrations"]);
      const careful = await up("live");
      await careful.shown(/This changes the production database\. Type live/);
      careful.type("asked\r");
      await careful.shown(/Type live, or press Ctrl\+C/);
      assert.equal(await tables(live.client), "");
      careful.type(`${"\u007f".repeat("asked".length)}live\r`);
      await careful.shown(/2 migrations, \d+ ms/);
      assert.deepEqual([(await careful.ended()).code, await tables(live.client)], [0, "a b schema_migrations"]);
    } finally {
      await Promise.all([client.end(), live.client.end()]);
    }
  });

  it("new --table: of 174 tables and four that are new, those that are chosen and no others", async () => {
    const many = Array.from({ length: 174 }, (_, at) => `export const t${at} = pgTable("t${at}", { id: integer("id").primaryKey(), name: text("name") });\n`);
    const root = project({ "schema.ts": imports + many.join(""), "drizzle.config.ts": config, "package.json": "{}" });
    const first = await migrate(root, "new", "first", "--format", "json");
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /^proved/m);
    const told = JSON.parse(first.stdout) as { readonly files: readonly string[] };
    assert.deepEqual(told, { version: 1, files: told.files, proved: true, losses: [] });
    assert.ok(told.files.every((file) => existsSync(join(root, file))) && told.files.some((file) => file.endsWith("_first.sql")), first.stdout);
    const added = ["one", "two", "three", "four"].map((name) => `export const ${name} = pgTable("${name}", { id: integer("id").primaryKey() });\n`);
    writeFileSync(join(root, "schema.ts"), imports + many.join("").replace('name: text("name")', 'name: text("name").notNull()') + added.join(""));
    const chosen = await migrate(root, "new", "chosen", "--table", "two", "four");
    assert.equal(chosen.code, 0, chosen.stderr);
    assert.match(chosen.stderr, /^proved/m);
    const sql = chosen.stdout.split("\n").filter((file) => /\/\d{4}_\w+\.sql$/.test(file)).map((file) => readFileSync(join(root, file), "utf8")).join("");
    assert.deepEqual([...sql.matchAll(/CREATE TABLE "(\w+)"/g)].map(([, name]) => name).sort(), ["four", "two"]);
    assert.doesNotMatch(sql, /"t\d+"/);
    const wrong = await migrate(root, "new", "wrong", "--table", "nothing");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /no table "nothing"/);
  });

  it("new --from another schema, and --file: what lies between the two, of the tables that the file declares", async () => {
    const root = project({ "schema/clients.ts": imports + clients, "schema/orders.ts": `${imports}import { clients } from "./clients";\n${orders}`, "before/schema.ts": imports + clients.replace(", email: text(\"email\").notNull()", ""), "drizzle.config.ts": config.replace("./schema.ts", "./schema/*.ts"), "package.json": "{}" });
    for (const [words, message] of [[["--file", "drizzle.config.ts"], /drizzle\.config\.ts declares no table/], [["--from", "db"], /--from drizzle:PATH/], [["--from", "drizzle:nowhere.ts"], /nowhere\.ts/]] as const) {
      const wrong = await migrate(root, "new", "wrong", ...words);
      assert.equal(wrong.code, 2);
      assert.match(wrong.stderr, message);
    }
    const made = await migrate(root, "new", "email", "--from", "drizzle:before/schema.ts", "--file", "schema/clients.ts");
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stderr, /^proved/m);
    const sql = made.stdout.split("\n").filter((file) => /\/\d{4}_\w+\.sql$/.test(file)).map((file) => readFileSync(join(root, file), "utf8")).join("");
    assert.match(sql, /ALTER TABLE "clients" ADD COLUMN "email" text/);
    assert.doesNotMatch(sql, /orders|CREATE TABLE/);
  });

  const prismaSchema = 'datasource db {\n  provider = "postgresql"\n}\nmodel A {\n  id Int @id\n}\n';
  const folders: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly parts: readonly RegExp[] }>> = {
    "drizzle v0": { files: { "schema.ts": imports + clients, "drizzle.config.ts": config, "package.json": "{}" }, parts: [/^drizzle\/\d{4}_by_hand\.sql$/, /^drizzle\/\d{4}_by_hand\.down\.sql$/, /^drizzle\/\d{4}_by_hand\.verify\.sql$/] },
    "drizzle v1": { files: { "schema.ts": imports + clients, "drizzle.config.ts": config, "package.json": v1 }, parts: [/^drizzle\/\d{14}_by_hand\/migration\.sql$/, /_by_hand\/down\.sql$/, /_by_hand\/verify\.sql$/] },
    prisma: { files: { "prisma/schema.prisma": prismaSchema }, parts: [/_by_hand\/migration\.sql$/, /_by_hand\/down\.sql$/, /_by_hand\/verify\.sql$/] },
    sql: { files: { "prisma/schema.prisma": prismaSchema, "migrations/0001_a.up.sql": 'create table "A" (id int primary key);', "migrations/0001_a.down.sql": 'drop table "A";', "plumbline.config.json": '{ "migrations": { "folder": "migrations" } }' }, parts: [/^migrations\/0002_by_hand\.up\.sql$/, /^migrations\/0002_by_hand\.down\.sql$/, /^migrations\/0002_by_hand\.verify\.sql$/] },
    "sql, made for a project without any": { files: { "README.md": "# A service" }, parts: [/^migrations\/0001_by_hand\.up\.sql$/, /^migrations\/0001_by_hand\.down\.sql$/, /^migrations\/0001_by_hand\.verify\.sql$/] },
    "sql in one file": { files: { "prisma/schema.prisma": prismaSchema, "migrations/0001_a.sql": '-- migrate:up\ncreate table "A" (id int primary key);\n-- migrate:down\ndrop table "A";', "plumbline.config.json": '{ "migrations": { "folder": "migrations" } }' }, parts: [/^migrations\/0002_by_hand\.sql$/] },
  };
  for (const [format, { files, parts }] of Object.entries(folders))
    it(`new --empty starts up, down and verify parts in a folder of ${format}`, async () => {
      const root = project(files);
      if (format.startsWith("drizzle") || format === "prisma") assert.equal((await migrate(root, "new", "first")).code, 0);
      const made = await migrate(root, "new", "by hand", "--empty");
      assert.equal(made.code, 0, made.stderr);
      const written = made.stdout.trim().split("\n");
      for (const part of parts) assert.ok(written.some((file) => part.test(file)), `${part} in ${made.stdout}`);
      const up = written.find((file) => parts[0]!.test(file))!;
      assert.match(readFileSync(join(root, up), "utf8"), /^-- Write what is to be done\.$/m);
      // Filled in, it is proved with its verify part.
      if (format !== "sql in one file") {
        for (const [part, sql] of [[parts[0]!, "create table by_hand (id int);"], [parts[1]!, "drop table by_hand;"], [parts[2]!, "select count(*) = 0 from by_hand;"]] as const) put(root, written.find((file) => part.test(file))!, sql);
      } else put(root, up, "-- migrate:up\ncreate table by_hand (id int);\n-- migrate:down\ndrop table by_hand;\n-- migrate:verify\nselect count(*) = 0 from by_hand;\n");
      const tested = await migrate(root, "test", "--format", "json");
      assert.equal(tested.code, 0, tested.stdout + tested.stderr);
      const { migrations } = JSON.parse(tested.stdout) as { migrations: { state: string; steps: string[] }[] };
      assert.deepEqual(migrations.at(-1)!.steps, ["up", "verify", "down", "up again"]);
    });
});
