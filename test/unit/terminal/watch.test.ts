// `plumbline check --watch` as a process: checks again after a change, a new file and another configuration.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { bundled, project, put, start } from "./plumbline";

const schema = (extra: string): string => `datasource db {\n  provider = "postgresql"\n}\n\nmodel Client {\n  id String @id @db.Uuid\n  orders Order[]\n}\n\nmodel Order {\n  id String @id @db.Uuid\n  clientId String @db.Uuid\n  client Client @relation(fields: [clientId], references: [id])\n${extra}}\n`;

describe("plumbline check --watch", function () {
  this.timeout(60_000);
  before(bundled);

  it("checks again on every change until it is stopped, with the last check's exit code", async () => {
    const root = project({ "schema.prisma": schema("") });
    const child = await start(["check", "--watch"], { cwd: root });
    let stderr = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdout!.resume();
    const checks = (): readonly string[] => stderr.split("Waiting for changes; Ctrl+C ends.\n");
    const check = async (number: number): Promise<string> => {
      const deadline = Date.now() + 20_000;
      while (checks().length <= number) {
        if (Date.now() > deadline) throw new Error(`no check ${number}:\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return checks()[number - 1]!;
    };
    try {
      assert.match(await check(1), /Found 1 warning/);
      put(root, "schema.prisma", schema("\n  @@index([clientId])\n"));
      assert.match(await check(2), /Nothing found/);
      put(root, "plumbline.config.json", `{ "rules": { "fk/unindexd": "off" } }`);
      assert.match(await check(3), /unknown rule "fk\/unindexd"/);
      rmSync(join(root, "plumbline.config.json"));
      assert.match(await check(4), /Nothing found/);
      put(root, "schema.prisma", schema(""));
      assert.match(await check(5), /Found 1 warning/);
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
