// The scratch database of a project: what is written stays between commands, answers are those of a server, and two
// processes do not write it at once.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beginScratch, forgetScratch, openScratch, type ScratchOptions } from "../../server/src/databases/embedded/scratch";
import { SessionError, type Session } from "../../server/src/databases/session";
import { readFolder } from "../../server/src/migrate/folders/formats";
import type { RunContext } from "../../server/src/migrate/run/context";
import { up } from "../../server/src/migrate/run/runner";
import { diskFiles } from "../../server/src/terminal/disk-files";
import { agreed, contextOf, stopped } from "../migrate/faults/laboratory";
import { writeFolder } from "../migrate/faults/story";
import { runtime, temporaryFolder } from "./embedded/runtime";
import { settingsOf } from "./servers";

describe("the scratch database", function () {
  this.timeout(300_000);
  let options: ScratchOptions;
  before(async () => {
    options = { folder: "/projects/shop", runtime: await runtime(), cache: temporaryFolder() };
  });

  async function within<Result>(work: (session: Session) => Promise<Result>, more: Partial<ScratchOptions> = {}): Promise<Result> {
    const session = await openScratch({ ...options, ...more });
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  }
  const rows = (session: Session, sql: string) => session.run(sql).then((results) => results.at(-1)!.rows);
  const refused = (promise: Promise<unknown>): Promise<SessionError> => promise.then(() => assert.fail("nothing was refused"), (error: SessionError) => error);

  it("keeps what was written between commands, for each project apart, until it is forgotten", async () => {
    await within((session) => session.run("create table orders (id int); insert into orders values (1), (null)"));
    assert.deepEqual(await within((session) => rows(session, "select * from orders")), [["1"], [null]]);
    assert.deepEqual(await within((session) => rows(session, "select to_regclass('orders')"), { folder: "/projects/other" }), [[null]]);
    forgetScratch(options);
    assert.deepEqual(await within((session) => rows(session, "select to_regclass('orders')")), [[null]]);
  });

  it("answers a message as a server does: tags, the place of an error, how far it came, and open transactions", async () => {
    await within(async (session) => {
      assert.deepEqual((await session.run("create table t (id int); insert into t values (7); select id as number from t")).map(({ command, fields, rows }) => [command, fields, rows]), [["CREATE TABLE", [], []], ["INSERT 0 1", [], []], ["SELECT 1", ["number"], [["7"]]]]);
      const [zero, placed] = [await refused(session.run("insert into t values (8); select 1/0")), await refused(session.run("select '😀', nothing"))];
      assert.deepEqual([zero.kind, zero.code, zero.completed], ["refused", "22012", 1]);
      assert.deepEqual([placed.code, placed.offset], ["42703", "select '😀', ".length]);
      assert.deepEqual(await rows(session, "select id from t"), [["7"]], "statements outside BEGIN are one transaction");
      await refused(session.run("begin; insert into t values (9); select 1/0; commit"));
      assert.equal((await refused(session.run("select 1"))).code, "25P02");
      await session.run("rollback");
      await session.run("create index concurrently t_id on t (id)");
    }, { cache: undefined });
  });

  it("takes over a process that was begun before it was known what for, extensions or not", async () => {
    const runtime = { runtime: options.runtime! };
    const begun = beginScratch({ ...runtime, warmUp: ["select 1", "begin read only; select no_such_column; commit"] });
    assert.deepEqual(await begun.run("begin; create table asked (id int); select to_regclass('asked')::text; rollback"), [[], [], [["asked"]], []]);
    await assert.rejects(begun.run("begin; create table asked (id int); select no_such_column; rollback"), { name: "DatabaseError", code: "42703" });
    const open = { begun, cache: undefined, extensions: ["citext", "pg_trgm"] };
    await within(async (session) => {
      assert.equal(begun.take(), undefined, "one user alone");
      assert.equal(begun.free, false);
      await assert.rejects(begun.run("select 1"), { name: "DatabaseError", kind: "failed" });
      assert.deepEqual(await rows(session, "select to_regclass('asked')"), [[null]]);
      assert.deepEqual(await rows(session, "create extension citext; create extension pg_trgm; select 'A'::citext = 'a', similarity('word', 'words') > 0.5"), [["t", "t"]]);
    }, open);
    assert.deepEqual(await within((session) => rows(session, "select count(*) from pg_extension where extname = 'citext'"), open), [["0"]]);
    const unused = beginScratch(runtime);
    await unused.end();
    assert.equal(unused.take(), undefined);
    await assert.rejects(beginScratch({ runtime: temporaryFolder() }).take()!.opened, { name: "DatabaseError", kind: "lost" });
  });

  it("is used by one process at a time; the reservation of a process that was killed does not count", async () => {
    const first = await openScratch(options);
    const second = openScratch(options);
    await first.run("create table by_the_first (id int)");
    await first.close();
    const session = await second;
    assert.deepEqual(await rows(session, "select to_regclass('by_the_first')"), [["by_the_first"]]);
    await session.close();
    const dead = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => dead.once("exit", resolve));
    for (const snapshot of readdirSync(options.cache!).filter((name) => name.endsWith(".snapshot"))) writeFileSync(join(options.cache!, `${snapshot}.lock`), String(dead.pid));
    await within((again) => again.run("select 1"));
  });

  it("a statement that is cancelled ends the process, and leaves the database as it was kept", async () => {
    await within((session) => session.run("create table kept (id int)"));
    const session = await openScratch(options);
    await session.run("drop table kept");
    const signal = AbortSignal.timeout(200);
    const error = await refused(session.run("with recursive forever(n) as (select 1 union all select n % 10 + 1 from forever) select count(*) from forever", signal));
    assert.equal(error.kind, "cancelled");
    assert.equal(session.open, false);
    await session.close();
    assert.deepEqual(await within((again) => rows(again, "select to_regclass('kept')")), [["kept"]]);
  });

  it("a run whose process is killed says that nothing of it is left, and the next one does it; an edited file stops one", async () => {
    const folder = writeFolder("sql", ["one", "two"].map((name) => ({ name, up: `create table ${name} (id int);`, down: `drop table ${name};` })));
    let process_: { readonly pid?: number } = {};
    const context: RunContext = {
      ...(await contextOf(folder, settingsOf({ host: "", user: "", database: "" }))),
      async connect() {
        const session = await openScratch({ ...options, folder: "/projects/killed" });
        process_ = (session as unknown as { readonly process: { readonly pid?: number } }).process;
        return session;
      },
    };
    let killed = false;
    const error = await stopped(up(context, {
      ...agreed,
      onEvent(event) {
        if (event.kind !== "statement started" || killed || !event.statement.sql.includes("two")) return;
        killed = process.kill(process_.pid!, "SIGKILL");
      },
    }));
    assert.equal(error?.kind, "lost");
    assert.match(error.message, /The database came back as it was before 0000_one: what this run had done there is gone, and its record with it\. Run it again/);
    assert.equal(error.result.done.length, 0);
    assert.equal((await up(context, agreed)).done.length, 2);
    const { file } = folder.migrations[0]!.up;
    writeFileSync(file, "create table one (id bigint);");
    const edited = await stopped(up({ ...context, folder: readFolder(folder.folder, diskFiles(folder.folder))! }, agreed));
    assert.equal(edited?.kind, "stopped before");
    assert.match(edited.message, /0000_one\.up\.sql was changed after it had been applied/);
  });
});
