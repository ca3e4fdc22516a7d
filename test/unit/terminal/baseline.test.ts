// Adopting Plumbline on an old project: today's findings go into the baseline, new ones fail, fixed ones leave it.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundled, plumbline, project, put } from "./plumbline";

const schema = (...uncovered: readonly string[]): string => `datasource db {
  provider = "postgresql"
}

model Client {
  id String @id @db.Uuid
${uncovered.map((name) => `  ${name}s ${name}[]`).join("\n")}
}
${uncovered.map((name) => `
model ${name} {
  id       String @id @db.Uuid
  clientId String @db.Uuid
  client   Client @relation(fields: [clientId], references: [id])
}
`).join("")}`;

describe("a baseline", function () {
  this.timeout(60_000);
  before(bundled);
  const keys = (root: string): readonly string[] => (JSON.parse(readFileSync(join(root, "b.json"), "utf8")) as { findings: readonly { table: string }[] }).findings.map(({ table }) => table);

  it("is written at first, lets only new findings through, and gets smaller by what is fixed", async () => {
    const root = project({ "schema.prisma": schema("Order", "Note") });
    const first = await plumbline(["check", "--baseline", "b.json"], { cwd: root });
    assert.deepEqual([first.code, first.stdout], [0, ""]);
    assert.match(first.stderr, /2 findings recorded in the baseline b\.json/);
    assert.deepEqual(keys(root), ["public.Note", "public.Order"]);

    // Moved lines and a moved file do not matter.
    put(root, "schema.prisma", `// A comment on top\n\n${schema("Order", "Note", "Visit")}`);
    const second = await plumbline(["check", "--baseline", "b.json"], { cwd: root });
    assert.equal(second.code, 1);
    assert.match(second.stdout, /^warning fk\/unindexed [^]*Visit\.clientId/);
    assert.doesNotMatch(second.stdout, /Order|Note/);
    assert.match(second.stderr, /Found 1 warning .*; 2 findings in the baseline/);

    put(root, "schema.prisma", schema("Order"));
    const third = await plumbline(["check", "--baseline", "b.json"], { cwd: root });
    assert.equal(third.code, 0);
    assert.match(third.stderr, /Fixed and taken out of the baseline b\.json: 1 finding\./);
    assert.deepEqual(keys(root), ["public.Order"]);

    put(root, "schema.prisma", schema("Order", "Note"));
    assert.equal((await plumbline(["check", "--baseline", "b.json"], { cwd: root })).code, 1, "Note had left the baseline, so it is new");
    assert.equal((await plumbline(["check", "--baseline", "b.json", "--update-baseline"], { cwd: root })).code, 0);
    assert.deepEqual(keys(root), ["public.Note", "public.Order"]);
  });

  it("is only read where CI is set", async () => {
    const root = project({ "schema.prisma": schema("Order", "Note") });
    const missing = await plumbline(["check", "--baseline", "b.json"], { cwd: root, env: { CI: "true" } });
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /There is no baseline b\.json\. Write it on your machine/);
    assert.equal(existsSync(join(root, "b.json")), false);
    await plumbline(["check", "--baseline", "b.json"], { cwd: root });
    put(root, "schema.prisma", schema("Order"));
    const fixed = await plumbline(["check", "--baseline", "b.json"], { cwd: root, env: { CI: "true" } });
    assert.equal(fixed.code, 0);
    assert.deepEqual(keys(root), ["public.Note", "public.Order"]);
  });

  it("keeps what a check of one path does not look at", async () => {
    const root = project({ "a/schema.prisma": schema("Order"), "b/schema.prisma": schema("Note") });
    await plumbline(["check", "--baseline", "b.json"], { cwd: root });
    await plumbline(["check", "a/schema.prisma", "--baseline", "b.json"], { cwd: root });
    assert.deepEqual(keys(root), ["public.Note", "public.Order"]);
  });

  it("comes from the configuration too, relative to it", async () => {
    const root = project({ "plumbline.config.json": `{ "baseline": "b.json" }`, "db/schema.prisma": schema("Order") });
    const before = await plumbline(["check", "--cwd", "db"], { cwd: root });
    assert.equal(before.code, 1);
    assert.match(before.stderr, /There is no baseline \.\.\/b\.json, which the configuration names/);
    await plumbline(["check", "--cwd", "db", "--update-baseline"], { cwd: root });
    assert.deepEqual((await plumbline(["check", "--cwd", "db"], { cwd: root })).code, 0);
  });
});
