// Drizzle's migration folders as they are read: order, ways back, hashes, and what is wrong with a folder, at its place.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "mocha";
import { drizzleV0 } from "../../../server/src/migrate/folders/drizzle-v0";
import { drizzleV1 } from "../../../server/src/migrate/folders/drizzle-v1";
import { findFolder, newFolder } from "../../../server/src/migrate/folders/find";
import type { SchemaModel } from "../../../server/src/model/schema";
import { workspace } from "../drizzle/memory-files";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
const entry = (idx: number, tag: string, when: number): object => ({ idx, version: "7", when, tag, breakpoints: true });
const journal = (entries: readonly object[], dialect = "postgresql"): string => JSON.stringify({ version: "7", dialect, entries }, undefined, 2);

describe("a Drizzle migration folder", () => {
  describe("of 0.x", () => {
    const read = (texts: Readonly<Record<string, string>>) => drizzleV0.read("/w/drizzle", workspace(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`drizzle/${name}`, text]))).files);

    it("is read in the order of its journal, with what stands beside", () => {
      const folder = read({
        "meta/_journal.json": journal([entry(0, "0000_first", 10), entry(1, "0001_second", 20)]),
        "0000_first.sql": "create table a ();", "0001_second.sql": "é", "0001_second.down.sql": "drop table a;", "0001_second.verify.sql": "select true;",
        "0000_first.down.sql": "-- irreversible: the rows are gone\n", "0002_stray.sql": "select 1", "0002_stray.down.sql": "select 1",
      })!;
      assert.deepEqual(folder.problems, []);
      assert.deepEqual(folder.journal, { schema: "drizzle", name: "__drizzle_migrations" });
      assert.deepEqual(folder.migrations.map(({ id, version, when }) => [id, version, when]), [["0000_first", "0000", 10], ["0001_second", "0001", 20]]);
      const [first, second] = folder.migrations;
      assert.deepEqual([first!.irreversible, first!.down, first!.verify], ["the rows are gone", undefined, undefined]);
      assert.deepEqual(second!.down, { file: "/w/drizzle/0001_second.down.sql", start: 0, end: 13, sql: "drop table a;" });
      assert.equal(second!.verify?.sql, "select true;");
      assert.equal(second!.checksums[0], hash("é"));
    });

    it("of any dialect and any prefix", () => {
      for (const [written, dialect] of [["mysql", "mysql"], ["sqlite", "sqlite"], ["singlestore", "mysql"], ["turso", "sqlite"], ["pg", "postgresql"]] as const) {
        assert.equal(read({ "meta/_journal.json": journal([], written) })!.dialect, dialect);
      }
      const folder = read({ "meta/_journal.json": journal([entry(0, "plain", 1), entry(1, "20250102030405_time", 2)]), "plain.sql": "", "20250102030405_time.sql": "" })!;
      assert.deepEqual(folder.migrations.map(({ version }) => version), ["0", "20250102030405"]);
      assert.equal(read({ "0000_a.sql": "" }), undefined);
    });

    it("gets names that no two of its migrations share, also where all are of one second", () => {
      const now = new Date(1_700_000_000_500);
      const empty: SchemaModel = { id: "schema.ts", source: "drizzle", dialect: "postgresql", tables: [], enums: [] };
      const [one, two] = ["a", "b"].map((name) => ({ name, up: ["select 1"], down: ["select 1"] }));
      for (const [last, prefixes] of [["0007", ["0008", "0009"]], ["1700000000", ["1700000001", "1700000002"]], ["1600000000", ["1700000000", "1700000001"]], ["20231114221320", ["20231114221321", "20231114221322"]]] as const) {
        const { files } = workspace({ "drizzle/meta/_journal.json": journal([entry(7, `${last}_last`, 10)]), [`drizzle/${last}_last.sql`]: "", [`drizzle/meta/${last}_snapshot.json`]: JSON.stringify({ version: "7", tables: {} }) });
        const written = drizzleV0.write(drizzleV0.read("/w/drizzle", files)!, [one!, two!], files, { now, before: empty, after: [empty, empty] });
        assert.deepEqual(written.map(({ file }) => file.slice("/w/drizzle/".length)).filter((file) => /[ab]\.sql$|snapshot/.test(file)), prefixes.flatMap((prefix, at) => [`${prefix}_${"ab"[at]}.sql`, `meta/${prefix}_snapshot.json`]));
      }
    });

    const wrong: readonly (readonly [what: string, text: string, kind: string, place: string, message: RegExp])[] = [
      ["a file that is missing", journal([entry(0, "0000_a", 1), entry(1, "0001_gone", 2)]), "missing-file", `{\n      "idx": 1`, /there is no \/w\/drizzle\/0001_gone\.sql\. Restore it/],
      ["an idx twice", journal([entry(0, "0000_a", 1), entry(0, "0000_b", 2)]), "duplicate", `{\n      "idx": 0,\n      "version": "7",\n      "when": 2`, /"0000_a" and "0000_b" with the same idx 0/],
      ["a migration twice", journal([entry(0, "0000_a", 1), entry(1, "0000_a", 2)]), "duplicate", `{\n      "idx": 1`, /the migration "0000_a" twice/],
      ["a time twice", journal([entry(0, "0000_a", 1), entry(1, "0000_b", 1)]), "duplicate", `{\n      "idx": 1`, /the same "when" \(1\)/],
      ["an older time", journal([entry(0, "0000_a", 5), entry(1, "0000_b", 4)]), "out-of-order", `{\n      "idx": 1`, /drizzle-orm skips it for ever.*Give it a "when" above 5/],
      ["entries in another order", journal([entry(1, "0000_b", 1), entry(0, "0000_a", 2)]), "out-of-order", `{\n      "idx": 0`, /order of their idx/],
      ["a journal cut off", journal([entry(0, "0000_a", 1)]).slice(0, 60), "unreadable", "", /is no journal of drizzle-kit: expected/],
      ["a journal that is none", "[]", "unreadable", "[]", /is no journal of drizzle-kit/],
      ["an entry that is none", journal([entry(0, "0000_a", 1), { idx: "1" }]), "unreadable", `{\n      "idx": "1"`, /An entry of .* cannot be read/],
    ];
    for (const [what, text, kind, place, message] of wrong) {
      it(`with ${what} is told, and the rest is read`, () => {
        const { problems } = read({ "meta/_journal.json": text, "0000_a.sql": "", "0000_b.sql": "" })!;
        assert.deepEqual(problems.map((problem) => problem.kind), [kind]);
        const { at, message: said } = problems[0]!;
        assert.match(said, message);
        assert.ok(text.slice(at!.start).startsWith(place), text.slice(at!.start));
        assert.equal(at!.file, "/w/drizzle/meta/_journal.json");
      });
    }
  });

  describe("of 1.0", () => {
    const read = (texts: Readonly<Record<string, string>>) => drizzleV1.read("/w/drizzle", workspace(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`drizzle/${name}`, text]))).files);

    it("is read in the order of its names, by the times in them", () => {
      const folder = read({
        "20250102030405_second/migration.sql": "select 2", "20250102030405_second/snapshot.json": `{"dialect": "postgres"}`, "20250102030405_second/down.sql": "select 1", "20250102030405_second/verify.sql": "select true",
        "20250101000000_first/migration.sql": "select 1", "20250101000000_first/snapshot.json": "{}",
      })!;
      assert.deepEqual([folder.format, folder.dialect, folder.problems], ["drizzle v1", "postgresql", []]);
      assert.deepEqual(folder.migrations.map(({ id, version, when }) => [id, version, when]), [["20250101000000_first", "20250101000000", Date.UTC(2025, 0, 1)], ["20250102030405_second", "20250102030405", Date.UTC(2025, 0, 2, 3, 4, 5)]]);
      assert.deepEqual([folder.migrations[1]!.down?.sql, folder.migrations[1]!.verify?.sql, folder.migrations[0]!.checksums[0]], ["select 1", "select true", hash("select 1")]);
    });

    it("is told from Prisma's, and what is wrong is told", () => {
      assert.equal(read({ "20250101000000_first/migration.sql": "" }), undefined);
      const { problems, migrations } = read({ "20250101000000_gone/snapshot.json": `{"dialect": "mysql"}`, "first/migration.sql": "", "first/snapshot.json": "{}" })!;
      assert.deepEqual(migrations, []);
      assert.deepEqual(problems.map(({ kind, migration }) => [kind, migration]), [["unreadable", "first"], ["missing-file", "20250101000000_gone"]]);
    });
  });

  describe("is found", () => {
    const schema = `import { pgTable, integer } from "drizzle-orm/pg-core"; export const a = pgTable("a", { id: integer("id") });`;
    const model = (texts: Readonly<Record<string, string>>) => {
      const { files, session } = workspace(texts);
      return { files, model: session.read(session.discover()[0]!).model };
    };
    const config = (more: string): string => `import { defineConfig } from "drizzle-kit"; const folder = "./db/" + "history"; export default defineConfig({ dialect: "postgresql", schema: "./src/schema.ts", ${more} });`;

    it("where drizzle.config says, with its table of applied migrations", () => {
      const { files, model: read } = model({
        "app/drizzle.config.ts": config(`out: folder, migrations: { table: "done", schema: "ops" }`), "app/src/schema.ts": schema,
        "app/db/history/meta/_journal.json": journal([]), "app/drizzle/meta/_journal.json": journal([]),
      });
      const found = findFolder(files, read)!;
      assert.deepEqual([found.folder, found.journal], ["/w/app/db/history", { schema: "ops", name: "done" }]);
    });

    it("from where drizzle-kit is run, when the config lies deeper", () => {
      const { files, model: read } = model({ "app/config/drizzle.config.ts": config(`out: "migrations"`), "app/src/schema.ts": schema, "app/migrations/meta/_journal.json": journal([]) });
      assert.equal(findFolder(files, read)?.folder, "/w/app/migrations");
    });

    it("not in another project, when the config's own is not there yet; then a first one starts there", () => {
      const { files, model: read } = model({ "app/drizzle.config.ts": config(`migrations: { table: "done" }`), "app/src/schema.ts": schema, "app/other/meta/_journal.json": journal([]) });
      assert.equal(findFolder(files, read), undefined);
      const started = newFolder(files, read);
      assert.deepEqual([started.folder, started.format, started.journal], ["/w/app/drizzle", "drizzle v0", { schema: "drizzle", name: "done" }]);
    });

    it("near the schema, where no config says", () => {
      const { files, model: read } = model({ "src/schema.ts": schema, "src/db/meta/_journal.json": journal([]) });
      assert.equal(findFolder(files, read)?.folder, "/w/src/db");
    });

    it("where the settings say, whatever the config says", () => {
      const { files, model: read } = model({ "drizzle.config.ts": config(`migrations: { schema: "ops" }`), "src/schema.ts": schema, "drizzle/meta/_journal.json": journal([]), "wanted/meta/_journal.json": journal([]) });
      const found = findFolder(files, read, { folder: "/w/wanted", table: "done" })!;
      assert.deepEqual([found.folder, found.journal], ["/w/wanted", { schema: "ops", name: "done" }]);
      assert.equal(findFolder(files, read, { folder: "/w/empty" }), undefined);
      assert.equal(newFolder(files, read, { folder: "/w/empty" }).folder, "/w/empty");
    });
  });
});
