// Installs squawk for the tests that ask it (this folder's one package, pinned by a lockfile of its own). It comes for
// Linux on x64 here; elsewhere the tests take `squawk` from the PATH.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const pinned = path.join(folder, "node_modules/@squawk-cli/linux-x64");

if (process.platform === "linux" && process.arch === "x64" && !isCurrent()) {
  const { status, signal, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`npm ci in ${folder}: ${error?.message ?? `exit ${status ?? signal}`}`);
}

function isCurrent() {
  const manifest = path.join(pinned, "package.json");
  const wanted = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).dependencies["@squawk-cli/linux-x64"];
  return existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === wanted;
}
