// Folders of hundreds of migrations are read again at each keystroke in one of them: what is costly is done once a text.
import assert from "node:assert/strict";
import { readFolder } from "../../../server/src/migrate/folders/formats";
import { workspace } from "../drizzle/memory-files";

describe("a folder that is read again", () => {
  const folders: Readonly<Record<string, readonly [edited: string, files: Readonly<Record<string, string>>]>> = {
    "drizzle v0": ["m/0001_b.sql", { "m/meta/_journal.json": JSON.stringify({ entries: ["0000_a", "0001_b"].map((tag, idx) => ({ idx, when: idx, tag })) }), "m/0000_a.sql": "select 1;", "m/0001_b.sql": "select 2;" }],
    prisma: ["m/20240102000000_b/migration.sql", { "m/migration_lock.toml": 'provider = "postgresql"', "m/20240101000000_a/migration.sql": "select 1;", "m/20240102000000_b/migration.sql": "select 2;" }],
    sql: ["m/0001_b.sql", { "m/0000_a.sql": "select 1;", "m/0001_b.sql": "select 2;" }],
  };
  for (const [format, [edited, texts]] of Object.entries(folders)) {
    it(`hashes only the text that was edited: ${format}`, () => {
      const { files, texts: all } = workspace(texts);
      const read = (): readonly (readonly string[])[] => readFolder("/w/m", files)!.migrations.map(({ checksums }) => checksums);
      const [a, b] = read();
      all.set(`/w/${edited}`, "select 3;");
      const [again, changed] = read();
      assert.equal(again, a);
      assert.notDeepEqual(changed, b);
    });
  }
});
