// Backups on real servers: a dump by pg_dump or over the connection, proved on the embedded database and on the server
// itself, restored, and each kind of broken file told from a sound one.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { constants, gunzipSync, gzipSync } from "node:zlib";
import { Client } from "pg";
import { BackupError, type Backups } from "../../server/src/backup/backup";
import { openBackups } from "../../server/src/backup/open";
import { openPostgres } from "../../server/src/databases/postgres/open";
import type { ConnectionSettings } from "../../server/src/databases/connections/settings";
import { backupBefore } from "../../server/src/migrate/operations/backup-before";
import type { SchemaModel } from "../../server/src/model/schema";
import { onEachServer, settingsOf } from "../database/servers";
import { debianBinaries, debianVersion, type Postgres } from "../oracles/postgres";
import { bundled } from "../unit/terminal/plumbline";

const shop = `
  create schema sales;
  create type sales.state as enum ('open', 'paid');
  create table clients (id int generated always as identity primary key, name text not null unique);
  create table sales.orders (id bigserial primary key, client_id int references clients, state sales.state default 'open', note text, placed timestamptz default '2026-01-01');
  create index on sales.orders (client_id);
  create view sales.paid as select * from sales.orders where state = 'paid';
  create function sales.total() returns bigint language sql as $$ select count(*) from sales.orders; $$;
  insert into clients (name) select 'client ' || n from generate_series(1, 50) n;
  insert into sales.orders (client_id, note) select n % 50 + 1, E'tab\\there; \\\\.\\n''quoted'' $$ ' || n from generate_series(1, 2000) n;
`;

describe("backups", function () {
  this.timeout(300_000);
  onEachServer((server) => {
    let folder: string;
    let settings: ConnectionSettings;
    let backups: Backups;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "plumbline-backup-"));
      const connection = await server().createDatabase("shop");
      await onceOn(connection, shop);
      settings = settingsOf(connection);
      backups = open();
    });

    // All is of one second, as on a machine that is fast enough.
    const now = (): Date => new Date("2026-01-02T03:04:05Z");
    const open = (schema?: SchemaModel): Backups => openBackups({ setting: { before: "losses", folder: "backups" }, root: folder, runtime, schema: () => schema, now, programs: [debianBinaries()] });
    let runtime = "";
    before(async () => {
      runtime = dirname(await bundled());
      backups = open();
    });
    // The embedded database takes seconds to start.
    const problems = async (file: string, on: ConnectionSettings | "embedded" = settings): Promise<readonly string[]> => (await backups.verify({ file, on })).problems;
    const temporary = async (): Promise<unknown> => (await server().query("select datname from pg_database where datname like 'plumbline_verify%'"));

    it("are dumps until they were restored and compared", async () => {
      const made = await backups.create({ settings });
      assert.deepEqual([made.unverified, made.wrong], [[], false]);
      assert.match(made.by, server().version <= debianVersion() ? new RegExp(`^pg_dump ${debianVersion()}\\.`) : /^plumbline$/);
      assert.match(made.verified!.on, /embedded PostgreSQL/);
      assert.deepEqual(made.rows, { "public.clients": 50, "sales.orders": 2000 });
      assert.equal(statSync(made.path).mode & 0o077, 0);
      assert.equal(readFileSync(join(folder, "backups/.gitignore"), "utf8"), "*\n");
      const late = await backups.create({ settings, file: join(folder, "late.sql"), verify: "never" });
      assert.deepEqual([late.verified, late.unverified], [undefined, ["It was not restored yet."]]);
      assert.ok(JSON.parse(readFileSync(`${late.path}.json`, "utf8")).verified === undefined);
      assert.deepEqual(await problems(late.path), []);
      assert.ok(JSON.parse(readFileSync(`${late.path}.json`, "utf8")).verified !== undefined);
    });

    it("have a name each, also when two are made within a second", async () => {
      const unasked = openBackups({ setting: { before: "losses", folder: "unasked" }, root: folder, runtime, schema: () => undefined, now, programs: [debianBinaries()] });
      const together = await Promise.all([1, 2].map(() => unasked.create({ settings, verify: "never" })));
      const later = await unasked.create({ settings, verify: "never" });
      assert.deepEqual([...together, later].map(({ path }) => basename(path)), ["shop-20260102-030405.sql.gz", "shop-20260102-030405-2.sql.gz", "shop-20260102-030405-3.sql.gz"]);
      assert.deepEqual(await problems(together[1]!.path), []);
      const file = join(folder, "both.sql.gz");
      const both = await Promise.allSettled([1, 2].map(() => unasked.create({ settings, file, verify: "never" })));
      const [kept] = both.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      assert.match(both.map((one) => (one.status === "rejected" ? String(one.reason) : "")).join(), /both\.sql\.gz exists already/);
      assert.equal((JSON.parse(readFileSync(`${file}.json`, "utf8")) as { sha256: string }).sha256, kept!.sha256);
    });

    it("are never written over a file, and leave nothing of one that failed", async () => {
      const file = join(folder, "taken.sql");
      writeFileSync(file, "mine");
      await assert.rejects(backups.create({ settings, file }), /exists already/);
      assert.equal(readFileSync(file, "utf8"), "mine");
      await server().query("create role nobody_here login");
      const before = readdirSync(folder).sort();
      await assert.rejects(backups.create({ settings: { ...settings, user: "nobody_here" }, file: join(folder, "denied.sql.gz") }), /permission denied/);
      const stopping = new AbortController();
      await assert.rejects(backups.create({ settings, file: join(folder, "stopped.sql.gz"), signal: stopping.signal, onProgress: (message) => /^Dumping/.test(message) && stopping.abort() }), { message: /cancelled/ });
      assert.deepEqual(readdirSync(folder).sort(), before);
    });

    it("are proved on the server too, whose temporary database goes whatever happens", async () => {
      const { path } = await backups.create({ settings, file: join(folder, "server.sql.gz"), verify: "never" });
      const result = await backups.verify({ file: path, on: settings });
      assert.deepEqual([result.problems, result.tables, result.rows], [[], 2, 2050]);
      assert.match(result.on, /temporary database of "test"/);
      const stopping = new AbortController();
      await assert.rejects(backups.verify({ file: path, on: settings, signal: stopping.signal, onProgress: (message) => /^Restoring sales/.test(message) && stopping.abort() }), { message: /cancelled/ });
      assert.deepEqual(await problems(writing("broken.sql", "create table a (id int);\nselect 1 / 0;\n"), settings), [`${join(folder, "broken.sql")}, line 2: division by zero. (22012) It is refused at: select 1 / 0`]);
      assert.deepEqual(await temporary(), []);
      await assert.rejects(backups.verify({ file: path, on: { ...settings, production: true } }), /--confirm test/);
    });

    it("are told from files that are broken off, damaged, changed or something else", async () => {
      const { path } = await backups.create({ settings, file: join(folder, "whole.sql.gz"), verify: "never" });
      const packed = readFileSync(path);
      const plain = gunzipSync(packed);
      // Its text is refused long before its checksum is reached.
      const flipped = gzipSync("select 1 / 0;\n");
      flipped[flipped.length - 8]! ^= 1;
      const expected: readonly (readonly [name: string, content: Buffer | string, problem: RegExp])[] = [
        ["short.sql.gz", packed.subarray(0, packed.length / 2), /breaks off: its gzip ends before its end/],
        ["rows.sql", plain.subarray(0, plain.indexOf("client 30")), /breaks off. The rows of public.clients break off/],
        ["tail.sql", plain.subarray(0, plain.lastIndexOf("--\n-- PostgreSQL database dump complete")), /"PostgreSQL database dump complete", is missing/],
        ["quote.sql", "create table a (id int);\ninsert into a values ('1", /ends inside a quotation that began in the statement of line 2/],
        // A part that can be unpacked, and then what no compressor writes: 11 as a block's type.
        ["damaged.sql.gz", Buffer.concat([gzipSync(plain.subarray(0, plain.length / 2), { finishFlush: constants.Z_FULL_FLUSH }), Buffer.alloc(50, 7), packed]), /is damaged/],
        ["flipped.sql.gz", flipped, /is damaged/],
      ];
      for (const [name, content, problem] of expected) assert.match((await problems(writing(name, content))).join(), problem, name);
      const refused: readonly (readonly [name: string, content: Buffer | string, problem: RegExp])[] = [
        ["empty.sql", "", /is empty/],
        ["utf16.sql", Buffer.from("\ufeff-- PostgreSQL database dump", "utf16le"), /is UTF-16/],
        ["picture.sql", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]), /is no dump/],
        ["cluster.sql", "-- PostgreSQL database cluster dump\ncreate role a;\n", /pg_dumpall/],
        ["psql.sql", "\\i other.sql\n", /a command of psql's own/],
      ];
      for (const [name, content, problem] of refused) await assert.rejects(problems(writing(name, content)), (error: Error) => error instanceof BackupError && problem.test(error.message), name);
      await assert.rejects(problems(join(folder, "nowhere.sql")), /There is no file/);
      writeFileSync(path, gzipSync(String(plain).replace("client 30", "client 31x")));
      assert.match((await problems(path)).join(), /The file (has \d+ bytes, and had|was changed since)/);
      const fewer = String(plain).replace(/^7\t8\topen\t.*\n/m, "").replace(/CREATE INDEX .*\n/, "");
      writeFileSync(join(folder, "fewer.sql"), fewer);
      const manifest = JSON.parse(readFileSync(`${path}.json`, "utf8")) as object;
      writeFileSync(join(folder, "fewer.sql.json"), JSON.stringify({ ...manifest, bytes: fewer.length }));
      const lacking = (await problems(join(folder, "fewer.sql"))).join("\n");
      assert.match(lacking, /The table sales.orders has 1999 rows, and should have 2000 rows\./);
      assert.match(lacking, /It lacks .*orders.*index/);
    });

    it("take pg_dump's archives, and standard input", async () => {
      if (server().version > debianVersion()) return void (await restoresStream());
      const args = ["--host", settings.hosts[0]!.host, "--username", "postgres"];
      for (const format of ["custom", "tar", "directory"]) {
        const file = join(folder, `shop.${format}`);
        execFileSync(join(debianBinaries(), "pg_dump"), [...args, `--format=${format}`, `--file=${file}`, "shop"]);
        const result = await backups.verify({ file, on: format === "custom" ? "embedded" : settings, against: settings });
        assert.deepEqual([result.problems, result.tables, result.rows], [[], 2, 2050], format);
      }
      const custom = readFileSync(join(folder, "shop.custom"));
      assert.match((await problems(writing("short.custom", custom.subarray(0, custom.length - 500)))).join(), /cannot be read: .*(end of file|damaged)/);
      const created = writing("created.sql", execFileSync(join(debianBinaries(), "pg_dump"), [...args, "--create", "shop"]));
      const result = await backups.verify({ file: created, on: settings, against: settings });
      assert.deepEqual(result.problems, []);
      assert.match(result.notes.join(), /the database itself/);
      await restoresStream();
    });

    async function restoresStream(): Promise<void> {
      const { path } = await backups.create({ settings, file: join(folder, "stream.sql.gz"), verify: "never" });
      const result = await backups.verify({ file: createReadStream(path) as AsyncIterable<Uint8Array>, on: settings, against: settings });
      assert.deepEqual([result.problems, result.against], [[], "the database \"test\""]);
    }

    it("are compared with the schema of the code where nothing else is known", async () => {
      const database = await openPostgres(settings);
      const { model } = await database.read().finally(() => database.close());
      const file = writing("plain.sql", "create table clients (id int primary key);\ncreate table extra (id int);\n");
      const { against, problems: found } = await open(model).verify({ file, on: settings });
      assert.equal(against, "the schema of the code");
      assert.match(found.join("\n"), /It lacks sales\.orders\./);
      assert.match(found.join("\n"), /It lacks clients: column name text/);
      assert.doesNotMatch(found.join("\n"), /extra/);
      assert.deepEqual((await open(model).verify({ file, on: settings, against: "nothing" })).problems, []);
    });

    it("restore in full into an empty database, or not at all, once its name was typed", async () => {
      const { path } = await backups.create({ settings, file: join(folder, "restore.sql.gz"), verify: "never" });
      const target = await server().createDatabase("other");
      const other = settingsOf(target);
      const contents = async (): Promise<unknown> => onceOn(target, "select (select count(*) from clients) as clients, (select sum(id) from sales.orders) as orders, sales.total() as total");
      await assert.rejects(backups.restore({ settings: other, file: path, confirmed: "shop" }), /--confirm other/);
      await assert.rejects(backups.restore({ settings: { ...other, production: true }, file: path, confirmed: "other" }), /--confirm test/);
      const short = writing("half.sql", gunzipSync(readFileSync(path)).subarray(0, -60_000));
      await assert.rejects(backups.restore({ settings: other, file: short, confirmed: "other" }), /breaks off.* as it was before/);
      const stopping = new AbortController();
      await assert.rejects(backups.restore({ settings: other, file: path, confirmed: "other", signal: stopping.signal, onProgress: (message) => /keys/.test(message) && stopping.abort() }), /cancelled. The database is as it was before/);
      assert.deepEqual(await onceOn(target, "select relname from pg_class where relnamespace = 'public'::regnamespace"), []);
      const { tables, rows } = await backups.restore({ settings: other, file: path, confirmed: "other" });
      assert.deepEqual([tables, rows], [2, 2050]);
      const restored = await contents();
      assert.deepEqual(restored, [{ clients: "50", orders: String((2000 * 2001) / 2), total: "2000" }]);
      await assert.rejects(backups.restore({ settings: other, file: path, confirmed: "other" }), /is not empty: it holds the table public.clients, .*--replace/);
      await onceOn(target, "create table mine (id int); insert into mine values (1)");
      await assert.rejects(backups.restore({ settings: other, file: short, confirmed: "other", replace: "without a dump" }), /as it was before/);
      assert.deepEqual(await onceOn(target, "select * from mine"), [{ id: 1 }]);
      // Once is enough: whose dump it is makes no difference.
      if (server().version <= debianVersion()) {
        // A pg_dump that leaves everything out, and says nothing.
        const programs = mkdtempSync(join(tmpdir(), "plumbline-pg-dump-"));
        writeFileSync(join(programs, "pg_dump"), `#!/bin/sh\ncase "$1" in --version) echo "pg_dump (PostgreSQL) ${server().version}.1";; *) echo "select 1;";; esac\n`, { mode: 0o755 });
        const careless = openBackups({ setting: { before: "losses", folder: "careless" }, root: folder, runtime, schema: () => undefined, now, programs: [programs] });
        await assert.rejects(careless.restore({ settings: other, file: path, confirmed: "other", replace: "with a dump" }), /does not restore to what was dumped: .* Nothing was restored/);
        const run = backupBefore({ target: { kind: "connection", settings: other } }, { backups: careless, standard: "losses" })!;
        await assert.rejects(run([{ migration: { id: "0001", version: "1", up: { file: "", sql: "", start: 0, end: 0 }, checksums: [] }, losses: ["The table mine is lost."] }]), { name: "RunError", message: /Nothing was run, because the dump before it failed: .* does not restore to what was dumped: .*--no-backup/ });
        assert.deepEqual(await onceOn(target, "select * from mine"), [{ id: 1 }]);
      }
      const { notes } = await backups.restore({ settings: other, file: path, confirmed: "other", replace: "with a dump" });
      const kept = /the backup (.*)\.$/.exec(notes.join())![1]!;
      assert.match(String(gunzipSync(readFileSync(kept))), /COPY public\.mine/);
      assert.deepEqual(await contents(), restored);
      assert.deepEqual(await onceOn(target, "select to_regclass('mine') as mine"), [{ mine: null }]);
      await onceOn(target, "alter database other set default_transaction_read_only = on");
      await assert.rejects(backups.restore({ settings: other, file: path, confirmed: "other", replace: "without a dump" }), /is read only/);
    });

    it("name the roles that the server lacks, and do without owners where that is said", async () => {
      const file = writing("owned.sql", "create table a (id int);\nalter table a owner to \"Somebody else\";\ngrant select on a to reader;\n");
      const target = await server().createDatabase("owned");
      await assert.rejects(backups.restore({ settings: settingsOf(target), file, confirmed: "owned" }), /line 2: it names the role Somebody else.*--no-owner/);
      const { notes } = await backups.restore({ settings: settingsOf(target), file, confirmed: "owned", noOwner: true });
      assert.deepEqual(notes, ["Owners and privileges were left out."]);
      assert.deepEqual(await problems(file, "embedded"), []);
    });

    function writing(name: string, content: Buffer | string): string {
      const file = join(folder, name);
      writeFileSync(file, content);
      assert.ok(existsSync(file));
      return file;
    }
  });
});

async function onceOn(connection: Postgres["connection"], sql: string): Promise<unknown> {
  const client = new Client(connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
