// `npm test`: sets the machine up, runs every suite, prints their times and ends with "N passed, N failed".
// With names (`npm test -- unit e2e`) it runs those suites alone. A suite that runs no test, or skips one, fails.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../server/build/dependencies.mjs";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const begun = performance.now();
const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-test-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

/**
 * Name -> how it runs, how long one test may take (seconds), and what the machine must have. Two suites run side by side,
 * begun in this order, the longest first; those that drive an editor's window run `alone`.
 */
const suites = {
  migrate: { files: ["test/migrate/**/*.test.ts"], timeout: 300, needs: ["postgres", "pgbouncer", "squawk"] },
  database: { files: ["test/database/**/*.test.ts"], timeout: 300, needs: ["postgres", "pgbouncer"] },
  fuzz: { files: ["test/fuzz/**/*.test.ts"], timeout: 1200 },
  "language-server": { files: ["test/language-server/**/*.test.ts"], timeout: 300, needs: ["neovim", "postgres"] },
  unit: { files: ["test/unit/**/*.test.ts", "test/rules/**/*.test.ts"], timeout: 60 },
  backup: { files: ["test/backup/**/*.test.ts"], timeout: 300, needs: ["postgres"] },
  types: { command: [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "."] },
  oracles: { files: ["test/oracles/**/*.test.ts"], timeout: 300, needs: ["postgres"] },
  architecture: { files: ["test/architecture/**/*.test.ts"], timeout: 60 },
  "page-types": { command: [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "client/src/diagram/page"] },
  package: { files: ["test/package/**/*.test.ts"], timeout: 120, needs: ["served editor", "postgres"], alone: true },
  editor: { command: [path.join(root, "test/vscode/run-suite.mjs")], counts: true, needs: ["served editor"], alone: true },
  "end-to-end": { files: ["test/vscode/e2e/**/*.test.ts"], timeout: 300, needs: ["served editor", "postgres", "pgbouncer"], alone: true },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in suites));
if (unknown.length > 0) stop(`no suite called ${unknown.join(", ")}; there are ${Object.keys(suites).join(", ")}`);
const chosen = Object.entries(suites).filter(([name]) => asked.length === 0 || asked.includes(name));

try {
  ensureDependencies();
  setUp(new Set(chosen.flatMap(([, { needs = [] }]) => needs)));
} catch (error) {
  stop(error.message);
}

const queue = chosen.filter(([, { alone }]) => !alone);
const lanes = Math.min(2, os.availableParallelism(), queue.length);
const results = [];
await Promise.all(Array.from({ length: lanes }, async () => {
  for (let next = queue.shift(); next; next = queue.shift()) await run(next, lanes > 1);
}));
for (const one of chosen.filter(([, { alone }]) => alone)) await run(one, false);

for (const { name, failures = [] } of results) {
  for (const { title, error } of failures) console.log(`\nfailed in ${name}: ${title}\n${error.replace(/^/gm, "  ")}`);
}
console.log("");
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(16)} ${`${seconds.toFixed(1)} s`.padStart(9)}   ${passed} passed, ${failed} failed`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${((performance.now() - begun) / 60_000).toFixed(1)} minutes`);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;

/** Runs a suite. `beside`: another one runs at the same time, so its output is shown whole when it ends. */
async function run([name, suite], beside) {
  console.log(beside ? `… ${name}` : `\n== ${name}`);
  const started = performance.now();
  const counted = suite.files !== undefined || suite.counts === true;
  const counts = path.join(scratch, `${name}.json`);
  const args = suite.command ?? [path.join(root, "node_modules/mocha/bin/mocha.js"), "--import=tsx", "--reporter", "test/mocha-counts.cjs", "--timeout", String(suite.timeout * 1000), ...suite.files];
  const printed = beside ? path.join(scratch, `${name}.txt`) : undefined;
  const status = await node(args, { ...process.env, ...(counted && { PLUMBLINE_COUNTS: counts }) }, printed);
  const seconds = (performance.now() - started) / 1000;
  const output = printed && readFileSync(printed, "utf8");
  if (printed) console.log(`\n== ${name}\n${output}`);
  const command = () => (status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, failures: [{ title: `exit ${status}`, error: output ?? "see above" }] });
  results.push({ name, seconds, ...(counted ? countsOf(counts, status) : command()) });
}

/** Exit code of Node with those arguments; what it prints goes into the file, where one is given. */
function node(args, env, file) {
  return new Promise((resolve, reject) => {
    const output = file && openSync(file, "w");
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: file ? ["ignore", output, output] : "inherit" });
    if (file) closeSync(output);
    child.on("error", reject);
    child.on("exit", resolve);
  });
}

/** What the suite left in its file of counts. One that skips a test, has none, or does not come to its end, fails. */
function countsOf(file, status) {
  if (!existsSync(file)) {
    return { passed: 0, failed: 1, failures: [{ title: "the whole suite", error: `it did not come to its end (exit ${status}), or has no test` }] };
  }
  const { passes, failures, pending, failed } = JSON.parse(readFileSync(file, "utf8"));
  if (pending > 0) console.error(`${pending} skipped: that counts as failed`);
  if (passes + failures + pending === 0) console.error("no test ran");
  const bad = failures + pending;
  return { passed: passes, failed: bad > 0 ? bad : passes === 0 || status !== 0 ? 1 : 0, failures: failed };
}

/** Installs what the suites need and the machine lacks, or says what to install. */
function setUp(needs) {
  const wanted = [];
  if (needs.has("served editor") && process.platform === "linux") {
    if (!process.env.CHROMIUM && !existsSync("/usr/bin/chromium")) wanted.push("chromium");
    for (const command of ["g++", "make", "python3"]) if (!onPath(command)) wanted.push(command);
  }
  if (needs.has("neovim") && !onPath("nvim")) wanted.push("neovim");
  if (needs.has("postgres") && !onPath("postgres") && !debianPostgres()) wanted.push("postgresql");
  // What the connections' faults are made with, and psql, their judge.
  if (needs.has("pgbouncer")) {
    if (!existsSync("/usr/sbin/pgbouncer") && !onPath("pgbouncer")) wanted.push("pgbouncer");
    if (!onPath("psql")) wanted.push("postgresql-client");
    if (!onPath("openssl")) wanted.push("openssl");
  }
  if (wanted.length > 0) installDebian(wanted);
  if (needs.has("squawk")) {
    const { status } = spawnSync(process.execPath, [path.join(root, "test/migrate/squawk/install.mjs")], { stdio: "inherit" });
    if (status !== 0) throw new Error("squawk could not be installed: see above");
  }
  if (needs.has("served editor") && process.platform === "linux" && process.arch === "x64") {
    const { status } = spawnSync(process.execPath, [path.join(root, "test/vscode/host/install.mjs")], { stdio: "inherit" });
    if (status !== 0) throw new Error("VS Code for the tests could not be installed: see above");
  }
}

function installDebian(packages) {
  const administrator = process.getuid?.() === 0;
  const sudo = !administrator && spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0;
  if (!onPath("apt-get") || (!administrator && !sudo)) {
    throw new Error(`the tests need ${packages.join(", ")} on this machine; on Debian: apt-get install --no-install-recommends ${packages.join(" ")}`);
  }
  console.log(`apt-get install ${packages.join(" ")}`);
  for (const args of [["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", ...packages]]) {
    const [command, ...rest] = [...(sudo ? ["sudo", "-n"] : []), "apt-get", ...args];
    const { status, stdout, stderr } = spawnSync(command, rest, { encoding: "utf8", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    if (status !== 0) throw new Error(`apt-get ${args.join(" ")} failed:\n${stdout}${stderr}`);
  }
}

function onPath(command) {
  return (process.env.PATH ?? "").split(path.delimiter).some((folder) => existsSync(path.join(folder, command)));
}

function debianPostgres() {
  const folder = "/usr/lib/postgresql";
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(path.join(folder, version, "bin/postgres")));
}

function stop(message) {
  console.error(message);
  console.log("0 passed, 1 failed");
  process.exit(1);
}
