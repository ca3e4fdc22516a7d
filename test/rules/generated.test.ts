// What is generated from the rules is committed, and current.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

describe("generated from the rules", () => {
  for (const script of ["registry.mjs", "docs.mjs"])
    it(script, () => {
      execFileSync(process.execPath, [join(__dirname, "../../server/build", script), "--check"], { stdio: ["ignore", "pipe", "inherit"] });
    }).timeout(30_000);
});
