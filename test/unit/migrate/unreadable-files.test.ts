// A file of the folder that is there and cannot be read is told in every format, since passing it over would hide a
// migration, a way back or a verify query.
import assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import { basename, dirname } from "node:path";
import { readFolder } from "../../../server/src/migrate/folders/formats";
import { migrationStatus } from "../../../server/src/migrate/status";
import { diskFiles } from "../../../server/src/terminal/disk-files";
import { project } from "../terminal/plumbline";

const latin1 = Buffer.from("insert into a values ('ä');", "latin1");
const journal = JSON.stringify({ version: "7", dialect: "postgresql", entries: ["0000_a", "0001_b"].map((tag, idx) => ({ idx, version: "7", when: idx + 1, tag, breakpoints: true })) });
const cases: readonly (readonly [format: string, unreadable: string, there: Readonly<Record<string, string>>])[] = [
  ["drizzle v0", "0001_b.sql", { "meta/_journal.json": journal, "0000_a.sql": "select 1;" }],
  ["drizzle v0", "0001_b.verify.sql", { "meta/_journal.json": journal, "0000_a.sql": "select 1;", "0001_b.sql": "select 1;" }],
  ["drizzle v0", "meta/_journal.json", { "0000_a.sql": "select 1;" }],
  ["drizzle v1", "20260102000000_b/migration.sql", { "20260101000000_a/migration.sql": "select 1;", "20260101000000_a/snapshot.json": "{}" }],
  ["drizzle v1", "20260101000000_a/down.sql", { "20260101000000_a/migration.sql": "select 1;", "20260101000000_a/snapshot.json": "{}" }],
  ["prisma", "20260102000000_b/migration.sql", { "migration_lock.toml": 'provider = "postgresql"\n', "20260101000000_a/migration.sql": "select 1;" }],
  ["prisma", "20260101000000_a/verify.sql", { "20260101000000_a/migration.sql": "select 1;" }],
  ["sql", "0001_b.sql", { "0000_a.sql": "select 1;", "0001_b.down.sql": "select 1;" }],
  ["sql", "0000_a.down.sql", { "0000_a.up.sql": "select 1;" }],
];

describe("a migration file that cannot be read", () => {
  for (const [format, unreadable, there] of cases) {
    it(`${format}: ${unreadable}`, () => {
      const root = project({ ...there, [unreadable]: latin1 });
      const folder = readFolder(root, diskFiles(root));
      assert.deepEqual([folder?.format, folder?.problems.map(({ message }) => message)], [format, [`${basename(root)}/${unreadable} is there but cannot be read: it is no UTF-8 text, or this user may not open it. Save it as UTF-8, or see to its permissions.`]]);
      // Once: where it is applied, it is not missing besides.
      const row = format === "drizzle v0" ? { when: 2, checksum: "x" } : { id: unreadable.includes("/") ? unreadable.split("/")[0]! : unreadable.split(".")[0]!, checksum: "x" };
      if (folder!.migrations.length === 1 && /b(\/migration)?\.sql$/.test(unreadable)) assert.deepEqual(migrationStatus(folder!, [{ ...row, state: "applied" }]).flatMap(({ state, message }) => (state === "missing" ? [message] : [])), [undefined]);
    });
    if (unreadable !== "meta/_journal.json") it(`${format}: ${unreadable}, a link that leads nowhere`, () => {
      const root = project(there);
      mkdirSync(dirname(`${root}/${unreadable}`), { recursive: true });
      symlinkSync("gone.sql", `${root}/${unreadable}`);
      assert.deepEqual(readFolder(root, diskFiles(root))?.problems.map(({ message }) => message), [`${basename(root)}/${unreadable} is there but cannot be read: it is a symbolic link that leads nowhere. Restore what it leads to, or remove it.`]);
    });
  }

  it("prisma: a folder without any file, which Prisma's engine refuses to go on beside", () => {
    const root = project({ "20260101000000_a/migration.sql": "select 1;" });
    mkdirSync(`${root}/20260102000000_b`);
    assert.deepEqual(readFolder(root, diskFiles(root))?.problems.map(({ message }) => message), [`${basename(root)}/20260102000000_b has no migration.sql, and Prisma refuses to migrate beside it (P3015). Restore the file, or remove the folder.`]);
  });
});
