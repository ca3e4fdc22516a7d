// `npm test`: sets the machine up, runs every suite in turn, prints their times and ends with "N passed, N failed".
// With names (`npm test -- unit e2e`) it runs those suites alone. A suite that runs no test, or skips one, fails.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "../server/build/dependencies.mjs";

const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");
const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-test-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));

/** Name -> how it runs, how long one test may take (seconds), and what the machine must have. */
const suites = {
  types: { command: [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "."] },
  "page-types": { command: [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "client/src/diagram/page"] },
  unit: { files: ["test/unit/**/*.test.ts", "test/rules/**/*.test.ts"], timeout: 60 },
  oracles: { files: ["test/oracles/**/*.test.ts"], timeout: 300, needs: ["postgres"] },
  database: { files: ["test/database/**/*.test.ts"], timeout: 300, needs: ["postgres", "pgbouncer"] },
  migrate: { files: ["test/migrate/**/*.test.ts"], timeout: 300, needs: ["postgres", "pgbouncer", "squawk"] },
  backup: { files: ["test/backup/**/*.test.ts"], timeout: 300, needs: ["postgres"] },
  "language-server": { files: ["test/language-server/**/*.test.ts"], timeout: 60, needs: ["neovim", "postgres"] },
  fuzz: { files: ["test/fuzz/**/*.test.ts"], timeout: 1200 },
  architecture: { files: ["test/architecture/**/*.test.ts"], timeout: 60 },
  package: { files: ["test/package/**/*.test.ts"], timeout: 120, needs: ["served editor", "postgres"] },
  editor: { command: [path.join(root, "test/vscode/run-suite.mjs")], counts: true, needs: ["served editor"] },
  "end-to-end": { files: ["test/vscode/e2e/**/*.test.ts"], timeout: 300, needs: ["served editor", "postgres", "pgbouncer"] },
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

const results = chosen.map(([name, suite]) => {
  console.log(`\n== ${name}`);
  const started = performance.now();
  const counts = suite.files ? runMocha(suite) : runCommand(suite);
  return { name, ...counts, seconds: (performance.now() - started) / 1000 };
});

console.log("");
for (const { name, passed, failed, seconds } of results) {
  console.log(`${name.padEnd(16)} ${`${seconds.toFixed(1)} s`.padStart(9)}   ${passed} passed, ${failed} failed`);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;

/** A command is one test, or leaves counts as Mocha does. */
function runCommand({ command, counts }) {
  if (counts) return runCounted(command);
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: "inherit" });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

function runMocha({ files, timeout }) {
  return runCounted([path.join(root, "node_modules/mocha/bin/mocha.js"), "--import=tsx", "--reporter", "test/mocha-counts.cjs", "--timeout", String(timeout * 1000), ...files]);
}

/** Runs Node with a file to leave its counts in. A suite that skips a test, has none, or does not come to its end, fails. */
function runCounted(args) {
  const counts = path.join(scratch, "counts.json");
  rmSync(counts, { force: true });
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, PLUMBLINE_COUNTS: counts } });
  if (!existsSync(counts)) {
    console.error(`the suite did not come to its end (exit ${status}), or has no test`);
    return { passed: 0, failed: 1 };
  }
  const { passes, failures, pending } = JSON.parse(readFileSync(counts, "utf8"));
  if (pending > 0) console.error(`${pending} skipped: that counts as failed`);
  if (passes + failures + pending === 0) console.error("no test ran");
  const bad = failures + pending;
  return { passed: passes, failed: bad > 0 ? bad : passes === 0 || status !== 0 ? 1 : 0 };
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
