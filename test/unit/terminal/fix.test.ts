// `plumbline fix` as a process: the diff that a dry run prints is the change that fix makes, and files stay as they
// were in everything else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { bundled, plumbline, project } from "./plumbline";

const uncovered = `datasource db {
  provider = "postgresql"
}

model Client {
  id     String  @id @db.Uuid
  orders Order[]
}

model Order {
  id       String @id @db.Uuid
  clientId String @db.Uuid
  client   Client @relation(fields: [clientId], references: [id])
}
`;
const fixed = uncovered.replace("references: [id])\n}", "references: [id])\n\n  @@index([clientId])\n}");

describe("plumbline fix", function () {
  this.timeout(60_000);
  before(bundled);

  it("writes the index, names the file, and leaves nothing to find", async () => {
    const root = project({ "schema.prisma": uncovered });
    chmodSync(join(root, "schema.prisma"), 0o640);
    const { code, stdout, stderr } = await plumbline(["fix"], { cwd: root });
    assert.deepEqual([code, stdout, stderr], [0, "schema.prisma\n", "1 finding was fixed in 1 file.\n"]);
    assert.equal(readFileSync(join(root, "schema.prisma"), "utf8"), fixed);
    assert.deepEqual([statSync(join(root, "schema.prisma")).mode & 0o777, readdirSync(root)], [0o640, ["schema.prisma"]]);
    const again = await plumbline(["fix"], { cwd: root });
    assert.deepEqual([again.code, again.stdout, again.stderr], [0, "", "Nothing to fix.\n"]);
  });

  for (const [name, text] of [["", uncovered], [" with CRLF", uncovered.replaceAll("\n", "\r\n")], [" without a last line end", uncovered.trimEnd()]] as const) {
    it(`prints with --dry-run the patch of what it would write${name}, and writes nothing`, async () => {
      const root = project({ "db/schema.prisma": text });
      const dry = await plumbline(["fix", "--dry-run", "db/schema.prisma"], { cwd: root });
      assert.equal(dry.code, 1);
      assert.match(dry.stderr, /^1 finding would be fixed in 1 file\. Nothing was written/);
      assert.equal(readFileSync(join(root, "db/schema.prisma"), "utf8"), text);
      assert.match(dry.stdout, /^--- a\/db\/schema\.prisma\n\+\+\+ b\/db\/schema\.prisma\n@@ /);
      execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: root, input: dry.stdout });
      const patched = readFileSync(join(root, "db/schema.prisma"), "utf8");
      const other = project({ "db/schema.prisma": text });
      await plumbline(["fix", "db/schema.prisma"], { cwd: other });
      assert.equal(readFileSync(join(other, "db/schema.prisma"), "utf8"), patched);
      assert.notEqual(patched, text);
    });
  }

  it("keeps a byte order mark", async () => {
    const root = project({ "schema.prisma": `\uFEFF${uncovered}` });
    await plumbline(["fix"], { cwd: root });
    assert.equal(readFileSync(join(root, "schema.prisma"), "utf8"), `\uFEFF${fixed}`);
  });

  it("fixes the findings of one rule or group alone", async () => {
    const root = project({ "schema.prisma": uncovered.replace("  client   Client", "  state    String\n  client   Client").replace("[id])\n}", "[id])\n\n  @@index([state])\n  @@index([state, id])\n}") });
    await plumbline(["fix", "--rule", "index/*", "--rule", "schema/json-type", "schema.prisma"], { cwd: root });
    const text = readFileSync(join(root, "schema.prisma"), "utf8");
    assert.deepEqual([text.includes("@@index([state])"), text.includes("@@index([clientId])")], [false, false]);
    assert.match((await plumbline(["fix", "--rule", "fk/unindexd"], { cwd: root })).stderr, /There is no rule "fk\/unindexd"; did you mean "fk\/unindexed"\?/);
  });

  it("leaves alone what the baseline has", async () => {
    const root = project({ "schema.prisma": uncovered, "plumbline.config.json": `{ "baseline": "b.json" }` });
    await plumbline(["check", "--update-baseline"], { cwd: root });
    assert.equal((await plumbline(["fix"], { cwd: root })).stderr, "Nothing to fix.\n");
  });
});

describe("plumbline diff", function () {
  this.timeout(60_000);
  before(bundled);
  const root = project({ "a.prisma": uncovered, "b.prisma": fixed.replace("  clientId String", "  note     String\n  clientId String") });

  it("prints what changes the first schema into the second", async () => {
    const { code, stdout, stderr } = await plumbline(["diff", "prisma:a.prisma", "prisma:b.prisma"], { cwd: root });
    assert.deepEqual([code, stdout], [1, "  Order\n    + column note text not null\n    + index (clientId)\n"]);
    assert.equal(stderr, "2 changes from a.prisma (prisma) to b.prisma (prisma).\n");
  });

  it("prints the same as JSON, the other way round", async () => {
    const { stdout } = await plumbline(["diff", "prisma:b.prisma", "prisma:a.prisma", "--format", "json"], { cwd: root });
    const { version, changes } = JSON.parse(stdout) as { version: number; changes: readonly { kind: string }[] };
    assert.deepEqual([version, changes.map(({ kind }) => kind)], [1, ["drop-column", "drop-index"]]);
  });

  it("gives 0 where nothing differs", async () => {
    const { code, stdout } = await plumbline(["diff", "prisma:a.prisma", "prisma:a.prisma"], { cwd: root });
    assert.deepEqual([code, stdout], [0, ""]);
  });

  const mistakes: readonly (readonly [string, RegExp])[] = [
    ["prism:a.prisma", /"prism:a\.prisma" names no schema; did you mean "prisma"\?/],
    ["drizzle:a.prisma", /No drizzle schema was found in a\.prisma|No Drizzle table/],
    ["prisma:", /"prisma:" needs a path/],
    ["prisma:c.prisma", /There is no file or folder c\.prisma/],
    ["code", /"code" means 2 schemas: prisma:a\.prisma, prisma:b\.prisma\./],
  ];
  for (const [side, message] of mistakes) {
    it(`says what is wrong with ${side}`, async () => {
      const { code, stderr } = await plumbline(["diff", "prisma:a.prisma", side], { cwd: root });
      assert.match(stderr, message);
      assert.equal(code, 2);
    });
  }
});
