// Files are replaced whole or not at all.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replaceFile } from "../../../server/src/terminal/replace-file";

describe("replacing a file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plumbline-replace-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("keeps the mode, and leaves nothing beside it", () => {
    const path = join(folder, "a.ts");
    writeFileSync(path, "old");
    chmodSync(path, 0o754);
    assert.deepEqual(replaceFile({ path, before: "old", after: "new" }), { kind: "written", path });
    assert.deepEqual([readFileSync(path, "utf8"), statSync(path).mode & 0o777, readdirSync(folder)], ["new", 0o754, ["a.ts"]]);
  });

  it("writes through a symbolic link", () => {
    const target = join(folder, "target.ts");
    const path = join(folder, "link.ts");
    writeFileSync(target, "old");
    symlinkSync("target.ts", path);
    assert.equal(replaceFile({ path, before: "old", after: "new" }).kind, "written");
    assert.deepEqual([readFileSync(target, "utf8"), lstatSync(path).isSymbolicLink()], ["new", true]);
  });

  it("refuses a file that has changed meanwhile, and one that has appeared", () => {
    const path = join(folder, "a.ts");
    writeFileSync(path, "theirs");
    assert.deepEqual(replaceFile({ path, before: "old", after: "new" }), { kind: "refused", path, reason: "it has changed meanwhile" });
    assert.deepEqual(replaceFile({ path, before: undefined, after: "new" }), { kind: "refused", path, reason: "a file of that name has appeared meanwhile" });
    assert.deepEqual([readFileSync(path, "utf8"), readdirSync(folder)], ["theirs", ["a.ts"]]);
  });

  it("refuses with the system's reason, and leaves nothing behind", () => {
    const path = join(folder, "none/a.ts");
    const result = replaceFile({ path, before: undefined, after: "new" });
    assert.ok(result.kind === "refused" && /ENOENT/.test(result.reason));
    mkdirSync(join(folder, "dir.ts"));
    assert.equal(replaceFile({ path: join(folder, "dir.ts"), before: "x", after: "y" }).kind, "refused");
    assert.deepEqual(readdirSync(folder), ["dir.ts"]);
  });

  it("never shows a reader a part of a file", async () => {
    const path = join(folder, "big.ts");
    const texts = ["a", "b"].map((letter) => letter.repeat(2_000_000));
    writeFileSync(path, texts[0]!);
    const script = join(folder, "reader.cjs");
    writeFileSync(script, `
      const { readFileSync } = require("node:fs");
      let reads = 0, stop = false;
      process.on("message", () => { stop = true; });
      (function again() {
        const text = readFileSync(${JSON.stringify(path)}, "utf8");
        if (text.length !== 2000000 || text[0] !== text[1999999]) { process.send({ torn: text.length }); process.exit(); }
        reads++;
        if (reads === 1) process.send({ started: true });
        if (stop) { process.send({ reads }); process.exit(); }
        setImmediate(again);
      })();`);
    const reader = fork(script);
    const messages: { readonly torn?: number; readonly reads?: number }[] = [];
    const started = new Promise<void>((resolve) => reader.on("message", (message: object) => {
      messages.push(message);
      resolve();
    }));
    await started;
    for (let turn = 0; turn < 40; turn++) {
      assert.equal(replaceFile({ path, before: texts[turn % 2]!, after: texts[(turn + 1) % 2]! }).kind, "written");
      await new Promise((resolve) => setImmediate(resolve));
    }
    const ended = new Promise((resolve) => reader.on("exit", resolve));
    reader.send("stop");
    await ended;
    const last = messages.at(-1)!;
    assert.equal(last.torn, undefined);
    assert.ok(last.reads! > 5, `only ${last.reads} reads`);
  });
});
