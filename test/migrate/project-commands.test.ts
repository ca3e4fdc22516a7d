// `plumbline migrate` as processes on projects of Prisma and of plain SQL: from the first migration through a failure and its
// repair to the way back, with the history of it all, on databases side by side.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Client } from "pg";
import { migrateEngine } from "../oracles/prisma/migrate-engine";
import { prismaSql } from "../oracles/prisma/schema-engine";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { bundled, plumbline, project, put, type Run } from "../unit/terminal/plumbline";

const header = 'datasource db {\n  provider = "postgresql"\n}\n\n';
const schema = `${header}model Client {\n  id    Int    @id @default(autoincrement())\n  email String\n}\n`;
const indexed = schema.replace("email String\n", "email String @unique\n");

describe("plumbline migrate, by project", function () {
  this.timeout(300_000);
  let server: Postgres;
  let made = 0;
  before(async () => {
    [server] = await Promise.all([startPostgres(), bundled()]);
  });
  after(() => server?.stop());

  /** A project with two empty databases, called staging and live. */
  async function begin(files: Readonly<Record<string, string>>) {
    const names = ["staging", "live"].map((name) => `${name}_${++made}`);
    const [staging, live] = [await server.createDatabase(names[0]!), await server.createDatabase(names[1]!)];
    const url = (name: string): string => `postgresql://postgres@/${name}?host=${encodeURIComponent(server.connection.host)}`;
    const root = project({ ...files, "plumbline.config.json": JSON.stringify({ connections: { staging: { url: url(names[0]!) }, live: { url: url(names[1]!), production: true } } }) });
    const query = async (sql: string, connection = staging): Promise<readonly Record<string, unknown>[]> => {
      const client = new Client(connection);
      await client.connect();
      return (await client.query<Record<string, unknown>>(sql).finally(() => client.end())).rows;
    };
    const migrate = (...words: readonly string[]): Promise<Run> => plumbline(["migrate", ...words], { cwd: root });
    const succeed = async (...words: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await migrate(...words);
      assert.equal(code, 0, `${words.join(" ")}: ${stdout}${stderr}`);
      return stdout;
    };
    const read = async (...words: readonly string[]): Promise<Status> => JSON.parse((await migrate("status", "--format", "json", ...words)).stdout) as Status;
    const states = async (...databases: readonly string[]): Promise<readonly (readonly string[])[]> => (await read("--database", ...databases)).databases.map(({ migrations }) => migrations.map(({ state }) => state));
    const runs = async (): Promise<readonly string[]> => {
      const { history } = (await read("--history", "--database", "staging")).databases[0]!;
      assert.ok(history!.every(({ at, milliseconds, direction }) => at !== null && (direction === "down" || milliseconds === null || milliseconds >= 0)), JSON.stringify(history));
      return history!.map(({ id, direction, outcome }) => `${id.replace(/^\d+_/, "")} ${direction} ${outcome}`);
    };
    return { root, staging, live, query, migrate, succeed, states, runs };
  }

  it("Prisma: new, up, a failure and its repair, down, to, baseline; Prisma's engine agrees at every step", async () => {
    const { root, staging, live, query, migrate, succeed, states, runs } = await begin({ "prisma/schema.prisma": schema });
    const folder = join(root, "prisma/migrations");
    const engine = (connection: Postgres["connection"], text: string) => migrateEngine({ migrations: folder, schema: text, server: connection });
    const written = (await succeed("new", "init", "--no-rename")).trim().split("\n").map((path) => path.replace(/\d{14}/, "<time>"));
    assert.deepEqual([...written].sort(), ["prisma/migrations/<time>_init/down.sql", "prisma/migrations/<time>_init/migration.sql", "prisma/migrations/migration_lock.toml"]);
    assert.match(readFileSync(join(folder, "migration_lock.toml"), "utf8"), /^provider = "postgresql"$/m);
    await succeed("up", "--database", "staging", "--yes");
    assert.deepEqual([await engine(staging, schema).deploy(), await engine(staging, schema).dev()], [[], { nothingToDo: true }]);

    put(root, "prisma/schema.prisma", indexed);
    await succeed("new", "unique email", "--no-rename");
    const [init, unique] = readdirSync(folder).filter((name) => /^\d/.test(name)).sort();
    await query('insert into "Client" (email) values (\'a\'), (\'a\')');
    const failed = await migrate("up", "--database", "staging", "--yes");
    assert.equal(failed.code, 2);
    assert.match(failed.stderr, /could not create unique index "Client_email_key".*The INVALID index .*Client_email_key.* that it left was dropped/s);
    assert.deepEqual(await states("staging", "live"), [["applied", "half-applied"], ["pending", "pending"]]);
    assert.deepEqual((await engine(staging, indexed).status()).failed, [unique]);
    await query('delete from "Client" where id = 2');
    await succeed("repair", "--database", "staging", "--yes");
    assert.deepEqual(await states("staging"), [["applied", "applied"]]);
    assert.deepEqual([(await engine(staging, indexed).status()).failed, await engine(staging, indexed).deploy(), await engine(staging, indexed).dev()], [[], [], { nothingToDo: true }]);

    await succeed("down", "--database", "staging", "--yes");
    assert.deepEqual(await states("staging"), [["applied", "pending"]]);
    await succeed("to", unique!, "--database", "staging", "--yes");
    await succeed("to", init!, "--database", "staging", "--yes");
    assert.deepEqual(await states("staging"), [["applied", "pending"]]);
    assert.deepEqual(await engine(staging, indexed).deploy(), [unique]);
    assert.deepEqual(await states("staging"), [["applied", "applied"]]);
    assert.deepEqual(await runs(), ["init up done", "unique_email up failed", "unique_email up done", "unique_email down done", "unique_email up done", "unique_email down done", "unique_email up done"]);

    for (const statement of (await prismaSql({ "schema.prisma": schema }, live)).split(";\n")) await query(statement, live);
    const unconfirmed = await migrate("baseline", "--database", "live", "--confirm", "another");
    assert.equal(unconfirmed.code, 2);
    const different = await migrate("baseline", "--database", "live", "--confirm", "live");
    assert.equal(different.code, 2);
    assert.match(different.stderr, /The database differs from the schema in the code/);
    await query('create unique index "Client_email_key" on "Client" (email)', live);
    await succeed("baseline", "--database", "live", "--confirm", "live");
    assert.deepEqual(await states("live", "staging"), [["applied", "applied"], ["applied", "applied"]]);
    assert.deepEqual([await engine(live, indexed).deploy(), await engine(live, indexed).dev()], [[], { nothingToDo: true }]);
  });

  it("plain SQL: up, a failure, a file of its own with a way back, down, to, and what became of each run", async () => {
    const files = {
      "migrations/0001_clients.up.sql": "CREATE TABLE clients (id integer PRIMARY KEY, email text);\n", "migrations/0001_clients.down.sql": "DROP TABLE clients;\n",
      "migrations/0002_email.up.sql": "CREATE UNIQUE INDEX CONCURRENTLY clients_email ON clients (email);\n", "migrations/0002_email.down.sql": "DROP INDEX CONCURRENTLY clients_email;\n",
      "migrations/0003_broken.up.sql": "ALTER TABLE clients ADD COLUMN note text;\nSELECT 1 / 0;\n", "migrations/0003_broken.down.sql": "ALTER TABLE clients DROP COLUMN note;\n",
    };
    const { root, query, migrate, succeed, states, runs } = await begin(files);
    await succeed("up", "1", "--database", "staging", "--yes");
    await query("insert into clients values (1, 'a'), (2, 'a')");
    assert.equal((await migrate("up", "1", "--database", "staging", "--yes")).code, 2);
    assert.deepEqual(await states("staging"), [["applied", "half-applied", "pending"]]);
    await query("delete from clients where id = 2");
    await succeed("repair", "--database", "staging", "--yes");
    const broken = await migrate("up", "--database", "staging", "--yes");
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /migrations\/0003_broken\.up\.sql:2: .*division by zero/);
    assert.deepEqual(await states("staging"), [["applied", "applied", "pending"]]);
    put(root, "migrations/0003_broken.up.sql", "ALTER TABLE clients ADD COLUMN note text;\n");
    await succeed("up", "--database", "staging", "--yes");
    await succeed("to", "1", "--database", "staging", "--yes");
    assert.deepEqual(await states("staging", "live"), [["applied", "pending", "pending"], ["pending", "pending", "pending"]]);
    await succeed("down", "--database", "staging", "--yes");
    assert.deepEqual(await query("select to_regclass('clients') as clients"), [{ clients: null }]);
    await succeed("to", "0003", "--database", "staging", "--yes");
    assert.deepEqual(await runs(), [
      "clients up done", "email up failed", "email up done", "broken up failed", "broken up done", "broken down done", "email down done", "clients down done",
      "clients up done", "email up done", "broken up done",
    ]);
    const pretty = await migrate("status", "--history", "--database", "staging", "live");
    assert.match(pretty.stdout, /staging {2}runs, the last one first\n.*0003_broken {2,}applied +\d+ ms {2}\S+@\S+\n[\s\S]*0003_broken {2,}up failed +\d+ ms {2}\S+@\S+ {2}division by zero\n[\s\S]*live {2}runs, the last one first\n {2}none is recorded/);
    rmSync(join(root, "migrations/0003_broken.up.sql"));
    const missing = await migrate("up", "--database", "staging", "--yes");
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /0003_broken/);
  });
});

interface Status {
  readonly databases: readonly {
    readonly database: string;
    readonly migrations: readonly { readonly state: string }[];
    readonly history?: readonly { readonly id: string; readonly direction: string; readonly outcome: string; readonly at: string | null; readonly milliseconds: number | null }[];
  }[];
}
