// Guarantees 3 and 5: what stops a run before anything happens. Each time the whole database is compared with what it was.
import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { readFolder } from "../../../server/src/migrate/folders/formats";
import { baseline, down, repair, up } from "../../../server/src/migrate/run/runner";
import type { RunContext } from "../../../server/src/migrate/run/context";
import { RunError, UnconfirmedError } from "../../../server/src/migrate/run/progress";
import { shownOf } from "../../../server/src/migrate/run/shown";
import type { MigrationFolder } from "../../../server/src/model/migration";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { settingsOf } from "../../database/servers";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { agreed, contextOf, outcomeOf, rowsOf, stopped } from "./laboratory";
import { storyFormats, writeFolder, type Chapter } from "./story";

const chapters: readonly Chapter[] = ["one", "two", "three"].map((name) => ({ name, up: `create table ${name} (id int);`, down: `drop table ${name};` }));

describe("a run stops before anything happens", function () {
  this.timeout(300_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  const hash = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
  const again = ({ folder }: MigrationFolder): MigrationFolder => readFolder(folder, diskFiles(folder))!;

  /** The message with which `up` and `down` stop, after a run of the first two; nothing has changed by them. */
  async function refusal(name: string, folder: MigrationFolder, change: () => void): Promise<string> {
    const settings = settingsOf(await server.createDatabase(name));
    await up(await contextOf(folder, settings), { ...agreed, count: 2 });
    change();
    const changed = again(folder);
    const was = await outcomeOf(changed, settings);
    const context = await contextOf(changed, settings);
    const error = await stopped(up(context, agreed));
    assert.equal(error?.kind, "stopped before");
    assert.equal((await stopped(down(context, agreed)))?.message, error.message);
    assert.deepEqual(await outcomeOf(changed, settings), was);
    return error.message;
  }

  for (const format of storyFormats) {
    it(`${format}: an applied file was edited: the file, both hashes, and what to do`, async () => {
      const folder = writeFolder(format, chapters);
      const { file } = folder.migrations[0]!.up;
      const before = hash(file);
      const message = await refusal(`edited ${format}`, folder, () => writeFileSync(file, "create table one (id int, more text);"));
      assert.ok(message.includes(file.slice(folder.folder.length)), message);
      assert.ok(message.includes(before) && message.includes(hash(file)), message);
      assert.match(message, /Nothing was run\. .* was changed after it had been applied.*Restore the file as it was/);
    });

    it(`${format}: an applied file is missing: its name or hash`, async () => {
      const folder = writeFolder(format, chapters);
      const { file } = folder.migrations[0]!.up;
      const before = hash(file);
      const message = await refusal(`missing ${format}`, folder, () => rmSync(file));
      assert.match(message, /Nothing was run\. /);
      assert.ok(message.includes("0000_one") || message.includes("20260101000000_one"), message);
      if (format !== "drizzle v0") assert.ok(message.includes(before), message);
    });

    it(`${format}: a pending one is older than the last that was applied`, async () => {
      const folder = writeFolder(format, [...chapters.slice(0, 1), { ...chapters[2]!, name: "late" }, chapters[1]!]);
      const settings = settingsOf(await server.createDatabase(`late ${format}`));
      const without: MigrationFolder = { ...folder, migrations: folder.migrations.filter(({ id }) => !id.includes("late")) };
      await up(await contextOf(without, settings), agreed);
      const was = await outcomeOf(folder, settings);
      const error = await stopped(up(await contextOf(folder, settings), agreed));
      assert.equal(error?.kind, "stopped before");
      assert.match(error.message, /Nothing was run\. .*late.* is pending, but .*two, which comes after it, has been applied already/);
      assert.deepEqual(await outcomeOf(folder, settings), was);
      assert.match((await stopped(down(await contextOf(folder, settings), agreed)))?.message ?? "", /Nothing was run\. .*late.* is pending/);
      assert.deepEqual(await outcomeOf(folder, settings), was);
      // What was applied by hand may be recorded.
      await baseline(await contextOf(folder, settings), agreed);
      assert.ok((await outcomeOf(folder, settings)).states.every((state) => state.endsWith(" applied")));
    });
  }

  it("a file that was renamed: the one with the same text is named", async () => {
    const folder = writeFolder("sql", chapters);
    const message = await refusal("renamed", folder, () => {
      for (const end of ["up.sql", "down.sql"]) renameSync(`${folder.folder}/0001_two.${end}`, `${folder.folder}/0004_two.${end}`);
    });
    assert.match(message, /0001_two.* has no such file\. .*0004_two\.up\.sql has the same text: give it the recorded name back/);
  });

  it("a file that is no SQL, or ends its transaction by itself: file and line", async () => {
    for (const [name, sql, expected] of [["no sql", "create table four (id int);\ncreate tabel five ();", /0000_bad\.up\.sql:2: syntax error at or near "tabel"/], ["rollback", "create table four (id int);\n\nrollback;", /0000_bad\.up\.sql:3: rollback ends the migration's transaction by itself/]] as const) {
      const settings = settingsOf(await server.createDatabase(name));
      const folder = writeFolder("sql", [{ name: "bad", up: sql, down: "drop table four;" }]);
      const error = await stopped(up(await contextOf(folder, settings), agreed));
      assert.equal(error?.kind, "stopped before");
      assert.match(error.message, expected);
      assert.deepEqual((await outcomeOf(folder, settings)).record, []);
    }
  });

  describe("of a database that must not be changed", () => {
    const runs = { up, down, repair, baseline };
    async function refused(context: RunContext, kind: string, message: RegExp, confirmed?: string): Promise<void> {
      for (const run of Object.values(runs)) {
        const error = await stopped(run(context, { ...agreed, ...(confirmed !== undefined && { confirmed }) }));
        assert.equal(error?.kind, kind);
        assert.match(error.message, message);
      }
    }

    it("marked production: only after its very name was typed", async () => {
      const folder = writeFolder("sql", chapters);
      const settings = { ...settingsOf(await server.createDatabase("production")), name: "live", production: true };
      const context = await contextOf(folder, settings);
      for (const typed of [undefined, "", "Live", "yes", "live "]) await refused(context, "not confirmed", /"live" is marked as production: its name must be typed to change it \(--confirm live\)/, typed);
      assert.deepEqual(await rowsOf(settings, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"), [["0"]]);
      assert.equal((await up(context, { ...agreed, confirmed: "live" })).done.length, 3);
    });

    it("losses that nobody confirmed", async () => {
      const folder = writeFolder("sql", chapters);
      const settings = settingsOf(await server.createDatabase("losses"));
      const context = await contextOf(folder, settings);
      await up(context, agreed);
      const error = await stopped(down(context, { lossesConfirmed: false }));
      assert.equal(error?.kind, "not confirmed");
      assert.match(error.message, /Nothing was run: what is lost for good must be confirmed\. migrations\/0002_three\.down\.sql:1 \(0002_three\)/);
      assert.deepEqual(await rowsOf(settings, "select to_regclass('three')"), [["three"]]);
    });

    it("another text than was shown, or a migration that came in between", async () => {
      const folder = writeFolder("sql", chapters);
      const settings = settingsOf(await server.createDatabase("shown"));
      const shown = shownOf(folder.migrations.map((migration) => ({ migration, steps: { part: migration.up, steps: [], statements: [], atOnce: true } })));
      const only = { ...agreed, shown: shown.slice(0, 2) };
      assert.match((await stopped(up(await contextOf(folder, settings), only)))?.message ?? "", /^Nothing was run\. 0002_three was not among those that were shown/);
      writeFileSync(folder.migrations[1]!.up.file, "create table two (id bigint);");
      const error = await stopped(up(await contextOf(again(folder), settings), { ...only, count: 2 }));
      assert.match(error?.message ?? "", /^Nothing was run\. 0001_two is another one than was shown/);
      assert.ok(error?.kind === "not confirmed" && error.cause instanceof UnconfirmedError);
      // Of what was shown, another runner may have done some.
      await up(await contextOf(again(folder), settings), { ...agreed, count: 1 });
      await up(await contextOf(again(folder), settings), { ...agreed, shown: [...only.shown, ...error.cause.shown], count: 1 });
      assert.deepEqual(await rowsOf(settings, "select to_regclass('one'), to_regclass('two'), to_regclass('three')"), [["one", "two", null]]);
    });

    for (const format of storyFormats) it(`${format}: a role that owns nothing of the record is told what to grant, and runs with that`, async () => {
      const folder = writeFolder(format, [...chapters, { name: "stepwise", up: "create table five (id int);\ncreate index concurrently five_id on five (id);", down: "drop table five;" }]);
      const settings = settingsOf(await server.createDatabase(`rights ${format}`));
      await up(await contextOf(folder, settings), { ...agreed, count: 1 });
      const role = `deploy ${format}`;
      await rowsOf(settings, `create role "${role}" login; grant create, usage on schema public to "${role}"; grant usage on schema "${folder.journal.schema}" to "${role}"; grant select on all tables in schema "${folder.journal.schema}" to "${role}"`);
      const notices: string[] = [];
      const context = await contextOf(folder, { ...settings, user: role });
      const run = (count: number, of: typeof up = up) => stopped(of(context, { ...agreed, count, onEvent: (event) => void (event.kind === "notice" && notices.push(event.message)) }));
      /** Does what the refusal says. */
      const granted = async (error: RunError | undefined, expected: RegExp): Promise<void> => {
        assert.equal(error?.kind, "stopped before");
        assert.match(error.message, expected);
        await rowsOf(settings, [...error.message.matchAll(/GRANT .*? TO "[^"]*"/g)].map(([grant]) => grant).join("; "));
      };
      await granted(await run(1), /^Nothing was run\. The role deploy .* may not record in .* Connect as its owner, postgres, or have that grant it: GRANT SELECT, INSERT ON/);
      assert.equal(await run(1), undefined);
      assert.deepEqual(notices.filter((notice) => /in no history.*GRANT SELECT, INSERT/.test(notice)).length, format.startsWith("drizzle") ? 1 : 0);
      assert.equal(await run(1), undefined);
      await granted(await run(1), /stepwise cannot be in one transaction, and how far it has come is noted in a comment on .* GRANT "postgres" TO/);
      assert.equal(await run(1), undefined);
      await rowsOf(settings, `revoke postgres from "${role}"`);
      const back = await run(1, down);
      if (back) {
        await granted(back, /GRANT SELECT, (DELETE|UPDATE)/);
        assert.equal(await run(1, down), undefined);
      }
      assert.deepEqual((await outcomeOf(folder, settings)).states.map((state) => state.split(" ").at(-1)), ["applied", "applied", "applied", "pending"]);
    });

    it("a user whose transactions only read", async () => {
      const settings = settingsOf(await server.createDatabase("reading"));
      await server.query("create role reader superuser login; alter role reader set default_transaction_read_only = on");
      const reader = settingsOf({ ...server.connection, database: "reading", user: "reader" });
      await refused(await contextOf(writeFolder("sql", chapters), reader), "read only", /"test" is read only \(a standby, or default_transaction_read_only\)/);
      assert.deepEqual(await rowsOf(settings, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"), [["0"]]);
    });
  });
});
