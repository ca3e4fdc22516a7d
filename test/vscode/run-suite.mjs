// Runs test/vscode/suite inside a VS Code, once with a trusted workspace and once without: a downloaded desktop one
// where that can be had, else the one served to a headless Chromium. PLUMBLINE_TEST_EDITOR=desktop|served chooses.
import { downloadAndUnzipVSCode, runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, root } from "../../server/build/bundle.mjs";

const suite = path.join(root, "test/vscode/suite");
const built = path.join(root, "out/vscode-suite");
const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-editor-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

await bundle();
const tests = readdirSync(suite, { recursive: true }).filter((file) => file.endsWith(".ts"));
rmSync(built, { recursive: true, force: true });
await build({ absWorkingDir: root, entryPoints: tests.map((file) => path.join(suite, file)), outbase: suite, outdir: built, bundle: true, platform: "node", format: "cjs", target: "node20", external: ["vscode", "mocha"], logLevel: "warning" });

const executable = await editor();
const totals = { passes: 0, failures: 0, pending: 0, failed: [] };
for (const trusted of [true, false]) {
  const counts = await run(trusted);
  for (const key of ["passes", "failures", "pending"]) totals[key] += counts[key];
  totals.failed.push(...(counts.failed ?? []));
}
if (process.env.PLUMBLINE_COUNTS) writeFileSync(process.env.PLUMBLINE_COUNTS, JSON.stringify(totals));
process.exitCode = totals.failures === 0 ? 0 : 1;

/** Runs the tests of one folder; its counts, where an editor that ends without any counts as one failure. */
async function run(trusted) {
  const name = trusted ? "trusted" : "untrusted";
  console.log(`\n${name} workspace`);
  const folder = trusted ? built : path.join(built, "untrusted");
  const [log, counts] = [path.join(scratch, `${name}.log`), path.join(scratch, `${name}.json`)];
  const userData = path.join(scratch, `${name}-user`);
  mkdirSync(path.join(userData, "User"), { recursive: true });
  writeFileSync(path.join(userData, "User/settings.json"), "{}");
  const env = { PLUMBLINE_SUITE: folder, PLUMBLINE_LOG: log, PLUMBLINE_GREP: process.env.PLUMBLINE_GREP ?? "", PLUMBLINE_COUNTS: counts, SERVED_VSCODE_BUILTINS: "typescript-basics,json,json-language-features,markdown-basics,markdown-language-features" };
  const launchArgs = [path.join(root, "test/vscode/fixtures/shop"), `--user-data-dir=${userData}`];
  const extension = { extensionDevelopmentPath: root, extensionTestsPath: path.join(built, "index.js") };
  let ended = "";
  try {
    if (trusted) await runTests({ vscodeExecutablePath: executable, ...extension, launchArgs, extensionTestsEnv: env });
    else await runUntrusted(extension, launchArgs, env);
  } catch (error) {
    ended = String(error.message ?? error);
  }
  if (existsSync(log)) console.log(readFileSync(log, "utf8"));
  if (existsSync(counts)) {
    const found = JSON.parse(readFileSync(counts, "utf8"));
    if (found.passes + found.failures > 0 || env.PLUMBLINE_GREP) return found;
    ended = "no test ran";
  }
  return { passes: 0, failures: 1, pending: 0, failed: [{ title: `${name} workspace`, error: `the editor left no result: ${ended}` }] };
}

/** runTests always passes --disable-workspace-trust, so this starts the same executable without it. */
function runUntrusted({ extensionDevelopmentPath, extensionTestsPath }, launchArgs, env) {
  const args = [...launchArgs, "--no-sandbox", "--disable-gpu-sandbox", "--disable-updates", "--skip-welcome", "--skip-release-notes", `--extensionDevelopmentPath=${extensionDevelopmentPath}`, `--extensionTestsPath=${extensionTestsPath}`];
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { stdio: "inherit", env: { ...process.env, ...env } });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))));
  });
}

async function editor() {
  const served = path.join(root, "test/vscode/host/code-shim.mjs");
  const choice = process.env.PLUMBLINE_TEST_EDITOR ?? (process.platform === "linux" && !process.env.DISPLAY ? "served" : "any");
  if (choice === "served") return served;
  try {
    return await downloadAndUnzipVSCode({ version: "stable" });
  } catch (error) {
    if (choice === "desktop" || process.platform !== "linux") throw error;
    console.log(`no desktop VS Code can be had (${error.message}): the served one`);
    return served;
  }
}
