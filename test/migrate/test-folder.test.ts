// Every file of a folder is proved on the embedded database with made-up rows: what loses or breaks data is caught by counts
// and values, what is meant is taken at its word, and what cannot run there is not called proved.
import assert from "node:assert/strict";
import { readFolder } from "../../server/src/migrate/folders/formats";
import type { MigrationProof } from "../../server/src/migrate/proof";
import { proveFolder } from "../../server/src/migrate/prove/folder";
import { openProving } from "../../server/src/migrate/prove/scratch";
import { fillTables } from "../../server/src/migrate/prove/rows/fill";
import { loadSqlParser } from "../../server/src/sql/load";
import { runtime } from "../database/embedded/runtime";
import { workspace } from "../unit/drizzle/memory-files";

const shop = `create type status as enum ('open', 'paid');
create domain positive as integer check (value > 0);
create table clients (id serial primary key, email varchar(60) not null unique check (email like '%@%'), born date, vip boolean default false, tags text[] not null, parent_id int references clients, score numeric(6,2), slug text check (slug ~ '^[a-z]+$'));
create table orders (id bigint generated always as identity primary key, client_id int not null references clients, status status not null, amount int not null check (amount between 0 and 1000), quantity positive not null, starts timestamptz not null, ends timestamptz not null, check (ends > starts), doubled int generated always as (amount * 2) stored, data jsonb not null);
create table items (order_id bigint references orders on delete cascade, position smallint, sku char(8) not null, primary key (order_id, position));
create table settings (single boolean primary key default true check (single), value uuid not null);`;

describe("plumbline migrate test", function () {
  this.timeout(300_000);
  let embedded: string;
  before(async () => {
    embedded = await runtime();
  });

  async function proofs(texts: Readonly<Record<string, string>>): Promise<readonly MigrationProof[]> {
    const { files } = workspace(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`migrations/${name}`, text])));
    return proveFolder(readFolder("/w/migrations", files)!, { runtime: embedded, parser: await loadSqlParser() });
  }

  it("makes up rows for every table, whatever its keys, references and checks", async () => {
    const database = await openProving([shop], { runtime: embedded, parser: await loadSqlParser() });
    try {
      await database.session.run(shop);
      assert.deepEqual(await fillTables(database.session, [], new Map()), []);
      const counts = await database.session.run("select (select count(*) from clients), (select count(*) from orders), (select count(*) from items), (select count(*) from settings), (select count(*) from clients where born is null), (select count(distinct amount) > 1 from orders)");
      const [clients, orders, items, settings, nulls, different] = counts[0]!.rows[0]!;
      assert.ok(Number(clients) >= 3 && Number(orders) >= 3 && Number(items) >= 2 && settings === "1" && Number(nulls) >= 1 && different === "t", JSON.stringify(counts[0]!.rows));
      await database.session.run("insert into clients (email, tags) values ('one@b.example', '{}')");
    } finally {
      await database.close();
    }
  });

  it("tells file by file what holds, what is lost, what fails on rows, and what could not be run", async () => {
    const found = await proofs({
      "0001_shop.up.sql": shop,
      "0002_note.up.sql": "alter table clients add note text;", "0002_note.down.sql": "alter table clients drop note;",
      "0003_all_the_same.up.sql": "update orders set amount = 7;", "0003_all_the_same.down.sql": "select 1;",
      "0004_delete.up.sql": "delete from items;",
      "0005_delete_meant.up.sql": "truncate items;", "0005_delete_meant.down.sql": "-- irreversible: nobody needs them",
      "0006_drop.up.sql": "alter table clients drop note;", "0006_drop.down.sql": "alter table clients add note text;",
      "0007_note_again.up.sql": "alter table clients add note text, add memo text;", "0007_note_again.down.sql": "alter table clients drop note, drop memo;",
      "0008_drop_meant.up.sql": "alter table clients drop note;", "0008_drop_meant.down.sql": "-- The values are gone: this makes the empty column anew.\nalter table clients add note text;",
      "0009_rename.up.sql": "alter table clients rename memo to remark; alter table orders rename to purchases;", "0009_rename.down.sql": "alter table purchases rename to orders; alter table clients rename remark to memo;",
      "0010_left_behind.up.sql": "create view spending as select client_id, sum(amount) from purchases group by 1; create index on purchases (status);", "0010_left_behind.down.sql": "drop view spending;",
      "0011_verified.up.sql": "alter table clients add points int not null default 3;", "0011_verified.down.sql": "alter table clients drop points;", "0011_verified.verify.sql": "select count(*) > 0 from clients where points = 3;",
      "0012_concurrently.up.sql": "create index concurrently clients_born_idx on clients (born);", "0012_concurrently.down.sql": "drop index concurrently clients_born_idx;",
      "0013_backfill.up.sql": "update clients set born = '2000-01-01' where born is null;", "0013_backfill.down.sql": "-- irreversible: which were NULL is not known",
      "0014_filled.up.sql": "update clients set remark = 'none' where remark is null;", "0014_filled.down.sql": "-- The values stay filled in: which rows had none is not known.\nselect 1;",
    });
    const by = new Map(found.map((proof) => [proof.migration.id, proof]));
    const told = (id: string): string => by.get(id)!.problems.join(" ");
    assert.deepEqual(found.filter(({ state }) => state !== "proved").map(({ migration }) => migration.id), ["0003_all_the_same", "0004_delete", "0006_drop", "0010_left_behind"], JSON.stringify(found.flatMap(({ problems }) => problems), undefined, 1));
    assert.match(told("0003_all_the_same"), /^After up and down: \d of 4 values of public\.orders\.amount are lost: "\d+" became "7"\. Where that is meant/);
    assert.match(told("0004_delete"), /^Up: (\d) of \1 rows of public\.items are gone\./);
    assert.match(told("0006_drop"), /values of public\.clients\.note are lost: "[^"]+" became NULL/);
    assert.match(told("0010_left_behind"), /After down, the index public\.orders_status_idx is there|After down, the index public\.purchases_status_idx is there/);
    assert.deepEqual(by.get("0002_note")!.steps, ["up", "down", "up again"]);
    assert.deepEqual(by.get("0011_verified")!.steps, ["up", "verify", "down", "up again"]);
    assert.match(by.get("0008_drop_meant")!.notes.join(" "), /as it says: \d of \d values of public\.clients\.note are lost/);
    assert.match(by.get("0014_filled")!.notes.join(" "), /as it says: \d of \d values of public\.clients\.remark are lost: NULL became "none"/);
    assert.match(by.get("0005_delete_meant")!.notes.join(" "), /nobody needs them/);
  });

  it("fails on rows that real tables have as well, goes on behind a failure, and does not call proved what cannot run", async () => {
    const found = await proofs({
      "0001_shop.sql": "create table notes (id int primary key, body text, amount bigint);",
      "0002_not_null.sql": "alter table notes alter body set not null;",
      "0003_type.sql": "-- migrate:up\nalter table notes alter amount type integer;\n-- migrate:down\nalter table notes alter amount type bigint;",
      "0004_down_fails.sql": "-- migrate:up\ncreate table extra (id int);\n-- migrate:down\ndrop table extras;",
      "0005_wrong.sql": "-- migrate:up\nselect 1;\n-- migrate:verify\nselect count(*) > 100 from notes;",
      "0006_extension.sql": "create extension pg_cron; create table runs (id int primary key, job bigint references cron.job (jobid));",
      "0007_after.sql": "create index on runs (job);",
      "0008_fine.sql": "-- migrate:up\nalter table notes add tag citext;\n-- migrate:down\nalter table notes drop tag;",
      "0009_place.sql": "create table places (id int primary key, at geometry);",
      "0010_vector.sql": "-- migrate:up\ncreate table vectors (id int primary key, embedding vector(3) not null, half halfvec(4), sparse sparsevec(5), loose vector);\n-- migrate:down\ndrop table vectors;",
      "0011_nearest.sql": "-- migrate:up\ncreate index on vectors using hnsw (embedding vector_cosine_ops);\ncreate index on vectors using ivfflat (half halfvec_l2_ops) with (lists = 1);\n-- migrate:down\ndrop index vectors_embedding_idx, vectors_half_idx;",
    });
    assert.deepEqual(found.map(({ state }) => state), ["proved", "failed", "failed", "failed", "failed", "not proved", "not proved", "proved", "not proved", "proved", "proved"], JSON.stringify(found.map(({ problems }) => problems), undefined, 1));
    const told = (at: number): string => found[at]!.problems.join(" ");
    assert.match(told(1), /migrations\/0002_not_null\.sql:1: .*column "body" of relation "notes" contains null values.* On empty tables it runs/);
    assert.match(told(2), /0003_type\.sql:\d: .*integer out of range.* On empty tables it runs/);
    assert.match(told(3), /^Down: migrations\/0004_down_fails\.sql:\d: .*table "extras" does not exist/);
    assert.match(told(4), /The verify query gave f/);
    assert.match(told(5), /0006_extension\.sql:1: .*The embedded database cannot run it: it has no extension "pg_cron"\.$/);
    assert.match(told(6), /0006_extension before it did not run here in full\.$/);
    assert.match(found[7]!.notes.join(" "), /No migration makes the extension "citext": on a database without it this fails\./);
    assert.match(told(8), /it has no extension "postgis", and no migration makes it\.$/);
    assert.match(found[10]!.notes.join(" "), /No migration makes the extension "vector"/);
  });

  it("makes up texts that a later migration can cast", async () => {
    const found = await proofs({
      "0001_raw.sql": `create table raw (id int primary key, total text not null, "On" varchar(30), key text, note text);`,
      "0002_total.sql": "alter table raw alter total type integer using total::integer;",
      "0003_on.sql": `alter table raw add day date;\nupdate raw set day = cast("On" as date);\nalter table raw add of uuid;\nupdate raw set of = nullif(key, '')::uuid;`,
      "0004_note.sql": "alter table raw alter note type integer using length(note);",
    });
    assert.deepEqual(found.flatMap(({ problems }) => problems).filter((problem) => /invalid input/.test(problem)), []);
    assert.ok(found.slice(0, 3).every(({ state }) => state !== "failed"), JSON.stringify(found.map(({ state, problems }) => [state, problems])));
  });

  const journal = '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1700000000000,"tag":"0000_first","breakpoints":true},{"idx":1,"version":"7","when":1700000001000,"tag":"0001_second","breakpoints":true}]}';
  const [first, second, way] = ["create table a (id int primary key);", "alter table a add b int;", "alter table a drop b;"];
  const formats: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    "drizzle v0": { "0000_first.sql": first, "0001_second.sql": second, "0001_second.down.sql": way, "meta/_journal.json": journal },
    "drizzle v1": { "20240101000000_first/migration.sql": first, "20240101000000_first/snapshot.json": "{}", "20240102000000_second/migration.sql": second, "20240102000000_second/snapshot.json": "{}", "20240102000000_second/down.sql": way },
    prisma: { "migration_lock.toml": 'provider = "postgresql"\n', "20240101000000_first/migration.sql": first, "20240102000000_second/migration.sql": second, "20240102000000_second/down.sql": way },
    sql: { "0001_first.sql": first, "0002_second.sql": `-- migrate:up\n${second}\n-- migrate:down\n${way}` },
  };
  for (const [format, texts] of Object.entries(formats))
    it(`reads a folder of ${format}`, async () => {
      const found = await proofs(texts);
      assert.deepEqual(found.map(({ state, steps }) => [state, steps]), [["proved", ["up"]], ["proved", ["up", "down", "up again"]]], JSON.stringify(found.flatMap(({ problems }) => problems)));
    });
});
