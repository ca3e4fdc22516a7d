// 20,000 random edits over the examples with a fixed seed: no exception, no failure of a rule or a parser, an end, at
// least half of the edits change the model, and all of them undone give the first findings again.
import * as assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import * as path from "node:path";
import type { Result } from "./session";

const root = path.join(__dirname, "../..");
const examples = readdirSync(path.join(root, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
const total = Number(process.env["FUZZ_STEPS"] ?? 20_000);
const seed = Number(process.env["FUZZ_SEED"] ?? 7);

describe(`${total} random edits, seed ${seed}`, () => {
  const results: Result[] = [];
  for (const example of examples) {
    it(`over examples/${example}`, async () => {
      const result = await session(path.join(root, "examples", example), Math.ceil(total / examples.length));
      results.push(result);
      const { problems, kinds, ...counts } = result;
      console.log(`      ${Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(", ")}`);
      console.log(`      ${Object.entries(kinds).map(([name, count]) => `${name} ${count}`).join(", ")}`);
      assert.equal(problems.length, 0, problems.join("\n"));
      assert.ok(result.undone > 0 && result.comparedFresh > 0 && result.edits > 0);
    });
  }

  it("changes the model by at least half of them", () => {
    const sum = (key: "steps" | "changedModel"): number => results.reduce((all, result) => all + result[key], 0);
    console.log(`      ${sum("changedModel")} of ${sum("steps")}`);
    assert.ok(sum("steps") >= total);
    assert.ok(sum("changedModel") * 2 >= sum("steps"));
  });
});

/** The session in a process of its own; one that makes no progress for two minutes is ended. */
function session(folder: string, steps: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import=tsx", path.join(__dirname, "session.ts"), folder, String(seed), String(steps)], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    const watch = (): NodeJS.Timeout => setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`no end: nothing happened for two minutes after step ${output.trim().split("\n").at(-1)}`));
    }, 120_000);
    let watchdog = watch();
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      clearTimeout(watchdog);
      watchdog = watch();
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(watchdog);
      if (code === 0) resolve(JSON.parse(output.trim().split("\n").at(-1)!) as Result);
      else reject(new Error(`the session ended with ${code}`));
    });
  });
}
