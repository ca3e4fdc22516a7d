// `plumbline check --watch` as a process: checks again after a change, a new file and another configuration.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { bundled, project, put, start } from "./plumbline";

const schema = (extra: string): string => `datasource db {\n  provider = "postgresql"\n}\n\nmodel Client {\n  id String @id @db.Uuid\n  orders Order[]\n}\n\nmodel Order {\n  id String @id @db.Uuid\n  clientId String @db.Uuid\n  client Client @relation(fields: [clientId], references: [id])\n${extra}}\n`;

describe("plumbline check --watch", function () {
  this.timeout(180_000);
  before(bundled);

  it("checks again on every change until it is stopped, with the last check's exit code", async () => {
    const root = project({ "schema.prisma": schema("") });
    const child = await start(["check", "--watch"], { cwd: root });
    let stderr = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout!.resume();
    /** Until the last check says that, which the one before does not: a file that is seen half written is checked once more than it was written. */
    const checked = async (says: RegExp): Promise<void> => {
      const deadline = Date.now() + 60_000;
      while (!says.test(stderr.split("Waiting for changes; Ctrl+C ends.\n").at(-2) ?? "")) {
        if (Date.now() > deadline) throw new Error(`no check says ${says}:\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    try {
      await checked(/Found 1 warning/);
      put(root, "schema.prisma", schema("\n  @@index([clientId])\n"));
      await checked(/Nothing found/);
      put(root, "plumbline.config.json", `{ "rules": { "fk/unindexd": "off" } }`);
      await checked(/unknown rule "fk\/unindexd"/);
      rmSync(join(root, "plumbline.config.json"));
      await checked(/Nothing found/);
      put(root, "schema.prisma", schema(""));
      await checked(/Found 1 warning/);
    } finally {
      child.kill("SIGINT");
    }
    const code = await new Promise((resolve) => child.on("close", resolve));
    assert.equal(code, 1);
  });

  it("does not begin where the first check cannot run", async () => {
    const child = await start(["check", "--watch", "nope.prisma"], { cwd: project({ "a.txt": "" }) });
    child.stderr!.resume();
    assert.equal(await new Promise((resolve) => child.on("close", resolve)), 2);
  });
});
