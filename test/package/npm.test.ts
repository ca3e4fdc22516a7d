// The npm package, as an application gets it: packed, unpacked where nothing else is installed, imported by its types and
// run at the start of several processes on a real PostgreSQL.
import * as assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Client } from "pg";
import { startPostgres, type Postgres } from "../oracles/postgres";

const root = path.join(__dirname, "../..");

/** Imports nothing but the package; prints what it applied, or the kind of error. */
const application = `import { migrateUp, MigrateError, type MigrateResult } from "plumbline/migrate";
const [url, folder, losses] = process.argv.slice(2);
try {
  const result: MigrateResult = await migrateUp({ folder: folder!, url: url!, allowLosses: losses === "losses", onMessage: (message: string) => console.error(message) });
  console.log(JSON.stringify(result.applied.map(({ id }) => id)));
} catch (error) {
  if (!(error instanceof MigrateError)) throw error;
  console.log(JSON.stringify({ kind: error.kind, message: error.message }));
}
`;

describe("the npm package", () => {
  let scratch: string;
  let server: Postgres;
  before(async () => {
    scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-npm-"));
    server = await startPostgres();
    run("npm", ["pack", "--pack-destination", scratch, "--loglevel=error"], root);
    const modules = path.join(scratch, "node_modules");
    mkdirSync(modules);
    run("tar", ["xzf", path.join(scratch, readdirSync(scratch).find((file) => file.endsWith(".tgz"))!)], modules);
    run("mv", ["package", "plumbline"], modules);
    writeFileSync(path.join(scratch, "package.json"), JSON.stringify({ name: "shop", private: true, type: "module" }));
    writeFileSync(path.join(scratch, "start.ts"), application);
    mkdirSync(path.join(scratch, "migrations"));
    const files = {
      "0001_clients.up.sql": "create table clients (id bigint primary key, name text);\ninsert into clients values (1, 'one');\n", "0001_clients.down.sql": "drop table clients;\n",
      "0002_more.up.sql": "insert into clients select max(id) + 1, 'more' from clients;\n", "0002_more.down.sql": "delete from clients where name = 'more';\n",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(scratch, "migrations", name), text);
  });
  after(async () => {
    await server?.stop();
    rmSync(scratch, { recursive: true, force: true });
  });

  function run(command: string, args: readonly string[], cwd: string): string {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
    assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  }

  /** What an instance of the application prints. */
  function start(url: string, folder = "migrations", ...more: readonly string[]): Promise<unknown> {
    const child = spawn(process.execPath, [path.join(scratch, "start.js"), url, folder, ...more], { cwd: scratch, stdio: ["ignore", "pipe", "pipe"] });
    let [output, errors] = ["", ""];
    child.stdout.on("data", (data: Buffer) => (output += String(data)));
    child.stderr.on("data", (data: Buffer) => (errors += String(data)));
    return new Promise((resolve, reject) => child.once("close", (code) => {
      if (code === 0) resolve(JSON.parse(output));
      else reject(new Error(`exit ${code}\n${output}${errors}`));
    }));
  }

  async function database(name: string): Promise<string> {
    const { user, host, database: called } = await server.createDatabase(name);
    return `postgresql://${user}@/${called}?host=${encodeURIComponent(host)}`;
  }

  it("is the terminal and the runner, without the extension", () => {
    const dist = readdirSync(path.join(scratch, "node_modules/plumbline/dist"));
    for (const file of ["cli.js", "terminal.js", "migrate.js", "migrate.d.ts", "libpg-query.wasm", "third-party-licenses.txt"]) assert.ok(dist.includes(file), file);
    for (const file of ["client", "test", "server/src", "dist/extension.js"]) assert.ok(!existsSync(path.join(scratch, "node_modules/plumbline", file)), file);
    assert.match(run(process.execPath, [path.join(scratch, "node_modules/plumbline/dist/cli.js"), "--version"], scratch), /^\d+\.\d+\.\d+/);
  });

  it("has types that hold for an application that knows nothing else", () => {
    symlinkSync(path.join(root, "node_modules/@types"), path.join(scratch, "node_modules/@types"));
    run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "--strict", "--noUncheckedIndexedAccess", "--target", "es2022", "--module", "nodenext", "--skipLibCheck", "false", "--types", "node", "start.ts"], scratch);
  });

  it("applies what is pending once, however many instances start at once", async () => {
    const url = await database("at_start");
    const answers = (await Promise.all([start(url), start(url), start(url)])) as readonly (readonly string[])[];
    assert.deepEqual([...answers].sort((a, b) => b.length - a.length), [["0001_clients", "0002_more"], [], []]);
    const client = new Client({ ...server.connection, database: "at_start" });
    await client.connect();
    const { rows } = await client.query<{ count: number }>("select count(*)::int as count from clients");
    await client.end();
    assert.equal(rows[0]!.count, 2);
    assert.deepEqual(await start(url), []);
    const required = 'const { migrateUp, MigrateError } = require("plumbline/migrate"); migrateUp({ folder: "migrations", url: process.argv[1] }).then(({ applied }) => console.log(applied.length, typeof MigrateError))';
    assert.equal(run(process.execPath, ["--input-type=commonjs", "-e", required, url], scratch), "0 function\n");
  });

  it("refuses what loses data until that is allowed, and says what is wrong with folder and address", async () => {
    const url = await database("at_start_losing");
    assert.deepEqual(await start(url), ["0001_clients", "0002_more"]);
    writeFileSync(path.join(scratch, "migrations/0003_gone.up.sql"), "alter table clients drop column name;\n");
    const refused = (await start(url)) as { readonly kind: string; readonly message: string };
    assert.equal(refused.kind, "not confirmed");
    assert.match(refused.message, /0003_gone/);
    assert.deepEqual(await start(url, "migrations", "losses"), ["0003_gone"]);
    assert.match(((await start(url, "nowhere")) as { readonly message: string }).message, /nowhere/);
    const nobody = (await start("postgresql://nobody:secret-word@127.0.0.1:1/nothing")) as { readonly kind: string; readonly message: string };
    assert.equal(nobody.kind, "stopped before");
    assert.match(nobody.message, /127\.0\.0\.1/);
    assert.doesNotMatch(nobody.message, /secret-word/);
  });
});
