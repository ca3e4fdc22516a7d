// Migrations as they are typed: findings in the SQL, their fixes, and silence once a comment says so.
import assert from "node:assert/strict";
import { clientCommands } from "../../server/src/lsp/protocol";
import { rulesOf, withEditor } from "./editor";
import { prismaShop } from "./schemas";

const first = "prisma/migrations/20260101000000_init/migration.sql";
const second = "prisma/migrations/20260102000000_index/migration.sql";
const files = {
  "prisma/schema.prisma": prismaShop,
  "prisma/migrations/migration_lock.toml": `provider = "postgresql"\n`,
  [first]: `CREATE TABLE "clients" ("id" INTEGER PRIMARY KEY, "name" TEXT);\nCREATE INDEX "a" ON "clients" ("name");\n`,
  [second]: `CREATE INDEX "b" ON "clients" ("name");\n`,
};

describe("migrations as they are typed", () => {
  it("are marked, mended by the light bulb, and silenced by a comment", () => withEditor(files, { commands: Object.values(clientCommands) }, async (editor) => {
    editor.open(second);
    const found = await editor.until("findings", () => editor.pull(second), (items) => items.length > 0);
    assert.deepEqual(rulesOf(found), ["migration/index-not-concurrent"]);
    assert.deepEqual(rulesOf(await editor.pull(first)), []);
    const offered = await editor.actions(second, found[0]!.range);
    assert.deepEqual(offered.map(({ title }) => title).filter((title) => /migration$/.test(title)), [], "what a migration says is mended in it, not by another one");
    const chosen = offered.find(({ title }) => title === "Build the index concurrently");
    assert.equal(chosen!.isPreferred, true);
    assert.equal(editor.after((await editor.resolve(chosen!)).edit, second), `CREATE INDEX CONCURRENTLY "b" ON "clients" ("name");\n`);
    editor.replace(second, `CREATE INDEX "b"`, `CREATE INDEX CONCURRENTLY "b"`);
    assert.deepEqual(rulesOf(await editor.pull(second)), []);
    editor.replace(second, `CREATE INDEX CONCURRENTLY "b"`, `DROP TABLE "clients";\nCREATE INDEX CONCURRENTLY "b"`);
    assert.deepEqual([...rulesOf(await editor.pull(second))].sort(), ["migration/concurrent-in-transaction", "migration/drop-table", "migration/lock-timeout"]);
    editor.replace(second, `DROP TABLE "clients";\n`, "-- plumbline-disable-next-line migration/index-not-concurrent -- small\n");
    editor.replace(second, "CREATE INDEX CONCURRENTLY", "CREATE INDEX");
    assert.deepEqual(rulesOf(await editor.pull(second)), []);
  }));

  it("go with their folder, of which alone the editor tells", () => withEditor(files, {}, async (editor) => {
    const total = (): number => Object.values(editor.status()?.findings ?? {}).reduce((sum, count) => sum + count, 0);
    editor.open("prisma/schema.prisma");
    await editor.until("findings in the migrations", async () => total() - (await editor.pull("prisma/schema.prisma")).length, (count) => count > 0);
    editor.write("prisma/migrations", "");
    await editor.until("the schema's findings alone", async () => total() - (await editor.pull("prisma/schema.prisma")).length, (count) => count === 0);
    assert.ok(total() > 0);
  }));
});
