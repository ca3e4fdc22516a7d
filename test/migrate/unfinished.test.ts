// A migration that no transaction can hold, stopped half way: what status, plan and the error say of it is what the database
// records then, also where the owner's table has no word for it; and the next run goes on.
import assert from "node:assert/strict";
import { defaults } from "../../server/src/config";
import { openSession } from "../../server/src/databases/postgres/session";
import { openOperations } from "../../server/src/migrate/operations/open";
import type { RunError } from "../../server/src/migrate/run/progress";
import { onEachServer, settingsOf } from "../database/servers";
import { workspace } from "../unit/drizzle/memory-files";
import { rowsOf, stopped } from "./faults/laboratory";

const parts = {
  up: "create table notes (id int);\ncreate index concurrently notes_idx on notes (id);\ninsert into notes select 1 / count(*) from one;",
  down: "delete from notes;\ndrop index concurrently notes_idx;\ninsert into absent values (1);",
};
const folders: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  drizzle: {
    "meta/_journal.json": JSON.stringify({ version: "7", dialect: "postgresql", entries: [{ idx: 0, version: "7", when: 1, tag: "0000_one", breakpoints: true }, { idx: 1, version: "7", when: 2, tag: "0001_two", breakpoints: true }] }),
    "0000_one.sql": "create table one (id int);", "0001_two.sql": parts.up.replaceAll(";\n", ";\n--> statement-breakpoint\n"), "0001_two.down.sql": parts.down,
  },
  sql: { "0000_one.up.sql": "create table one (id int);", "0001_two.up.sql": parts.up, "0001_two.down.sql": parts.down },
};

onEachServer((server) => {
  for (const [name, texts] of Object.entries(folders)) {
    it(`${name}: half applied, and half taken back`, async () => {
      const settings = settingsOf(await server().createDatabase(name));
      const target = { kind: "connection" as const, settings };
      const open = (change: (text: string) => string) => openOperations({ files: workspace(Object.fromEntries(Object.entries(texts).map(([file, text]) => [`m/${file}`, change(text)]))).files, config: defaults, folder: "/w/m", schema: () => undefined, embedded: {}, by: "a test", now: () => new Date() });
      const operations = open((text) => text);
      const request = { target, lossesConfirmed: true, backup: "never" as const };
      const states = ({ result }: Pick<RunError, "result">): readonly string[] => result.status.map(({ id, state }) => `${id} ${state}`);
      const said = async (): Promise<readonly string[]> => (await operations.status(target)).migrations.map(({ id, state }) => `${id} ${state}`);
      const plan = async (direction: "up" | "down") => {
        const { obstacles, migrations } = await operations.plan({ target, direction });
        return [obstacles, migrations.map(({ migration, begun }) => [migration.id, begun])];
      };
      const half = ["0000_one applied", "0001_two half-applied"];

      const up = await stopped(operations.up(request));
      assert.match(up!.message, /0001_two\.(up\.)?sql:\d+: statement 3 of 3, insert failed: division by zero\. \(22012\)/);
      assert.deepEqual([states(up!), await said()], [half, half], "the state after the run");
      assert.deepEqual(await plan("up"), [[], [["0001_two", "It was begun and not finished: 2 of its 3 steps are done, and it goes on behind them."]]]);
      const repair = '0001_two was begun (up) and not finished. Run "plumbline migrate repair" first.';
      assert.deepEqual(await plan("down"), [[repair], [["0001_two", undefined]]]);
      assert.equal((await stopped(operations.down(request)))!.message, `Nothing was run. ${repair}`);
      assert.match((await stopped(open((text) => text.replace("select 1 /", "select 2 /")).up(request)))!.message, /Nothing was run\. 0001_two was changed after it had been begun/);
      await rowsOf(settings, "insert into one values (1)");
      assert.deepEqual((await operations.up(request)).status.map(({ state }) => state), ["applied", "applied"]);
      const table = name === "sql" ? "public.schema_migrations" : "drizzle.__drizzle_migrations";
      await rowsOf(settings, `comment on table ${table} is 'it''s kept'`);

      const down = await stopped(operations.down(request));
      assert.match(down!.message, /relation "absent" does not exist/);
      assert.deepEqual([states(down!), await said()], [half, half]);
      assert.deepEqual(await plan("down"), [[], [["0001_two", "It was begun and not finished: 2 of its 3 steps are done, and it goes on behind them."]]]);
      assert.deepEqual(await plan("up"), [['0001_two was begun (down) and not finished. Run "plumbline migrate repair" first.'], [["0001_two", undefined]]]);
      await rowsOf(settings, "create table absent (id int)");
      assert.deepEqual((await operations.down(request)).status.map(({ state }) => state), ["applied", "pending"]);
      assert.deepEqual(await rowsOf(settings, `select obj_description('${table}'::regclass)`), [["it's kept"]]);
      const history = (await operations.history(target)).map(({ id, direction, outcome, failure }) => [id, direction, outcome, failure]);
      assert.deepEqual(history, [
        ["0000_one", "up", "done", undefined], ["0001_two", "up", "failed", "division by zero"], ["0001_two", "up", "done", undefined],
        ["0001_two", "down", "failed", 'relation "absent" does not exist'], ["0001_two", "down", "done", undefined],
      ]);
    });
  }

  for (const [format, files, file] of [
    ["drizzle v0", folders["drizzle"]!, "0001_two"], ["sql", folders["sql"]!, "0001_two.up"],
    ["prisma", { "20260101000000_one/migration.sql": "create table one (id int);", "20260102000000_two/migration.sql": parts.up, "20260102000000_two/down.sql": parts.down }, "20260102000000_two/migration"],
  ] as const) {
    it(`${format}: one that can never come to its end is recorded as a person says, and its mended file runs`, async () => {
      const settings = settingsOf(await server().createDatabase(`mended ${format}`));
      const target = { kind: "connection" as const, settings };
      const { files: read, texts } = workspace(Object.fromEntries(Object.entries(files).map(([path, text]) => [`m/${path}`, text])));
      const operations = openOperations({ files: read, config: defaults, folder: "/w/m", schema: () => undefined, embedded: {}, by: "a test", now: () => new Date() });
      const request = { target, lossesConfirmed: true, backup: "never" as const };
      const states = async (): Promise<readonly string[]> => (await operations.status(target)).migrations.map(({ state }) => state);
      const path = Object.keys(files).find((one) => one.startsWith(file))!;
      await stopped(operations.up(request));
      texts.set(`/w/m/${path}`, files[path as keyof typeof files]!.replace("1 / count(*)", "count(*)"));
      for (const again of [operations.up, operations.repair]) {
        assert.match((await stopped(again(request)))!.message, /two was changed after it had been begun: restore its file[^]*or nothing, and record that: "plumbline migrate repair --applied", or "--rolled-back"\.$/);
      }
      await rowsOf(settings, "drop table notes");
      await operations.repair({ ...request, resolved: "rolled back" });
      assert.deepEqual(await states(), ["applied", "pending"]);
      await operations.up(request);
      assert.deepEqual([await states(), await rowsOf(settings, "select id from notes")], [["applied", "applied"], [["0"]]]);

      // Taken back by half: it is applied as before, or wholly taken back, and nothing is run.
      await stopped(operations.down(request));
      await operations.repair({ ...request, resolved: "applied" });
      assert.deepEqual(await states(), ["applied", "applied"]);
      await stopped(operations.down(request));
      await operations.repair({ ...request, resolved: "rolled back" });
      assert.deepEqual([await states(), await rowsOf(settings, "select count(*) from notes")], [["applied", "pending"], [["0"]]]);
    });
  }

  it("an INVALID index is told by status; one that is being built, as that", async () => {
    const settings = settingsOf(await server().createDatabase("invalid"));
    const target = { kind: "connection" as const, settings };
    const { files } = workspace({ "m/0000_one.up.sql": "create table one (id int);\ninsert into one values (1), (1);" });
    const operations = openOperations({ files, config: defaults, folder: "/w/m", schema: () => undefined, embedded: {}, by: "a test", now: () => new Date() });
    await operations.up({ target, lossesConfirmed: true });
    assert.deepEqual((await operations.status(target)).problems, []);
    await assert.rejects(rowsOf(settings, 'create unique index concurrently "One" on one (id)'), /could not create unique index/);
    const told = 'The index public."One" of public.one is INVALID';
    assert.deepEqual((await operations.status(target)).problems, [`${told}: it serves no query, and is kept up to date all the same. Rebuild it (REINDEX INDEX CONCURRENTLY), or drop it and run its migration again.`]);
    const builder = await openSession(settings);
    await builder.run("begin; lock table one in share update exclusive mode");
    assert.deepEqual((await operations.status(target)).problems, [`${told}, and process ${builder.backend} may be building it at this moment: look again when that has ended.`]);
    await builder.close();
  });
});
