// Brings node_modules up to the lockfile where it is missing or stale, so that each front command (npm test, npm run
// demo) works on a fresh clone. It touches nothing that is current.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Runs `npm ci` if a package of the lockfile is absent or has another version. Throws if that fails. */
export function ensureDependencies(log = console.error) {
  const stale = firstStalePackage();
  if (stale === undefined) return;
  log(`node_modules: ${stale}; npm ci`);
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`npm ci failed: ${error?.message ?? `exit ${status}`}`);
}

function firstStalePackage() {
  if (!existsSync(path.join(root, "node_modules"))) return "missing";
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  for (const [folder, { version, optional }] of Object.entries(packages)) {
    // Optional ones are for other platforms, mostly.
    if (folder === "" || optional) continue;
    const manifest = path.join(root, folder, "package.json");
    const installed = existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : "none";
    if (installed !== version) return `${folder} should be ${version}, there is ${installed}`;
  }
  return undefined;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureDependencies();
