// An open session after any edits reads what a new one reads, and keeps the tables that the edits do not touch.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { SchemaReading } from "../../../server/src/model/finding";
import { applied, postgres, readOnly, readText, schemaPath, tableOf, workspace, type Workspace } from "./workspace";

const shop = `${postgres}// people\nmodel Client {\n  id     Int     @id\n  email  String  @unique\n  role   Role    @default(ADMIN)\n  orders Order[]\n  tags   Tag[]\n}\n\nmodel Order {\n  id       Int    @id\n  clientId Int    @map("client_id")\n  client   Client @relation(fields: [clientId], references: [id])\n\n  @@index([id, clientId])\n}\n\n/* tags\n   of clients */\nmodel Tag {\n  id      Int      @id\n  clients Client[]\n}\n\nenum Role {\n  ADMIN\n  USER\n}\n\nmodel Log {\n  id   Int    @id\n  text String\n}\n`;

/** Types `text` over [start, end) of the schema, as an editor tells it. */
function type({ texts, session }: Workspace, start: number, end: number, text: string): void {
  texts.set(schemaPath, applied(texts.get(schemaPath)!, [{ start, end, text }]));
  session.changed(schemaPath, [{ start, end, text }]);
}

function opened(text = shop): { readonly space: Workspace; readonly read: () => SchemaReading } {
  const space = workspace({ "schema.prisma": text });
  const [entry] = space.session.discover();
  return { space, read: () => space.session.read(entry!) };
}

const names = (reading: SchemaReading): readonly string[] => reading.model.tables.map((table) => table.name.name);

/** Names of the tables that are other objects than before. */
function changedTables(before: SchemaReading, after: SchemaReading): readonly string[] {
  return after.model.tables.filter((table) => !before.model.tables.includes(table)).map((table) => table.name.name);
}

describe("an edit", () => {
  it("changes the tables whose block it touches, and moves the others", () => {
    const { space, read } = opened();
    const before = read();
    assert.deepEqual(names(before), ["Client", "_ClientToTag", "Order", "Tag", "Log"]);
    const at = shop.indexOf("  email");
    type(space, at, at, "  phone String?\n");
    const after = read();
    assert.deepEqual(changedTables(before, after), ["Client", "_ClientToTag"]);
    assert.deepEqual(JSON.parse(JSON.stringify(after)), JSON.parse(JSON.stringify(readText(space.texts.get(schemaPath)!))));
    const log = tableOf(after, "Log");
    assert.equal(space.texts.get(schemaPath)!.slice(log.nameAt!.start, log.nameAt!.end), "Log");
  });

  it("of an index, a comment, a default or a column that nothing names changes one table alone", () => {
    const { space, read } = opened();
    let before = read();
    for (const [where, text] of [["  @@index([id, clientId])", "  @@index([clientId])\n"], ["  clientId Int", "  // a comment\n"], ['@map("client_id")', "@default(1) "], ["  clientId Int", "  note String? @map(\"n\")\n"]] as const) {
      const at = space.texts.get(schemaPath)!.indexOf(where);
      type(space, at, at, text);
      const after = read();
      assert.deepEqual(changedTables(before, after), ["Order"]);
      before = after;
    }
  });

  it("of a column's name changes the tables that name it", () => {
    const { space, read } = opened();
    const before = read();
    const at = shop.indexOf("@id\n  email");
    type(space, at, at, '@map("client_no") ');
    const after = read();
    assert.deepEqual(tableOf(after, "Order").foreignKeys[0]!.references.columns, ["client_no"]);
    assert.ok(!changedTables(before, after).includes("Log"));
  });

  it("of an enum changes the tables that use it", () => {
    const { space, read } = opened();
    const before = read();
    const at = shop.indexOf("ADMIN\n  USER");
    type(space, at + 5, at + 5, ' @map("admin")');
    const after = read();
    assert.deepEqual(changedTables(before, after), ["Client", "_ClientToTag"]);
    assert.equal(tableOf(after, "Client").columns.find((column) => column.name === "role")!.default!.sql, "'admin'");
  });

  it("of the provider changes everything", () => {
    const { space, read } = opened();
    const before = read();
    const at = shop.indexOf("postgresql");
    type(space, at, at + 10, "sqlite");
    const after = read();
    assert.deepEqual([after.model.dialect, changedTables(before, after).length], ["sqlite", 5]);
  });

  it("without any change gives the same reading", () => {
    const { space, read } = opened();
    const before = read();
    assert.equal(read(), before);
    space.session.changed(schemaPath);
    assert.deepEqual(changedTables(before, read()), []);
  });

  it("in another file of the schema, and a new and a deleted file, are seen", () => {
    const space = workspace({ "prisma/schema.prisma": `${postgres}model A {\n  id Int @id\n  bs B[]\n}\n`, "prisma/b.prisma": "model B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n}\n" });
    assert.deepEqual(names(readOnly(space)), ["B", "A"]);
    space.texts.set("/workspace/prisma/c.prisma", "model C {\n  id Int @id\n}\n");
    space.session.changed("/workspace/prisma/c.prisma");
    assert.deepEqual(names(readOnly(space)), ["B", "C", "A"]);
    space.texts.set("/workspace/prisma/b.prisma", "model B {\n  id Int @id\n  aId Int\n  a A @relation(fields: [aId], references: [id])\n\n  @@index([aId])\n}\n");
    space.session.changed("/workspace/prisma/b.prisma");
    assert.equal(tableOf(readOnly(space), "B").indexes.length, 1);
    space.texts.delete("/workspace/prisma/c.prisma");
    space.session.changed("/workspace/prisma/c.prisma");
    assert.deepEqual(names(readOnly(space)), ["B", "A"]);
  });
});

describe("3,000 random edits, one after another", () => {
  it("leave the session with what a new one reads", function () {
    this.timeout(60_000);
    const junk = ["}", "{", "\n", "\r\n", "/*", "*/", "//", '"', "(", ")", "[", "]", "@", "@@", ",", "model X {\n", "\nmodel Y {\n  id Int @id\n}\n", "  @@index([id])\n", "enum", " ", "🐘", "\n\n", "String", "  a Int?\n", ": "];
    let seed = 20240701;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const { space, read } = opened();
    let different = 0;
    let last = JSON.stringify(read());
    for (let step = 0; step < 3000; step++) {
      let text = space.texts.get(schemaPath)!;
      if (text.length > 4000 || step % 60 === 59) {
        space.texts.set(schemaPath, shop);
        space.session.changed(schemaPath);
        text = shop;
      }
      const edits = Array.from({ length: 1 + random(3) }, () => {
        const start = random(text.length + 1);
        const end = Math.min(text.length, start + (random(3) === 0 ? random(40) : 0));
        const edit = { start, end, text: random(4) === 0 ? "" : junk[random(junk.length)]! };
        text = applied(text, [edit]);
        return edit;
      });
      space.texts.set(schemaPath, text);
      space.session.changed(schemaPath, step % 5 === 0 ? undefined : edits);
      const now = JSON.stringify(read());
      assert.equal(now, JSON.stringify(readFresh(text)), `step ${step}: ${JSON.stringify(edits)}\n${text}`);
      if (now !== last) different++;
      last = now;
    }
    assert.ok(different > 1500, `only ${different} edits changed the reading`);
  });
});

/** The reading of a session that never saw an edit. */
function readFresh(text: string): SchemaReading {
  const { session } = workspace({ "schema.prisma": text });
  return session.read({ id: "schema.prisma", source: "prisma", files: [schemaPath] });
}
