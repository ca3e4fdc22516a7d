// Makes out/plumbline-<version>.vsix: vsce runs the production build (vscode:prepublish) and packs what .vscodeignore
// lets through. Prints each file, so that a stray one is seen.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Packs and returns the absolute path of the VSIX. */
export function packageExtension() {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const vsix = path.join(root, "out", `plumbline-${version}.vsix`);
  mkdirSync(path.dirname(vsix), { recursive: true });
  const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");
  const { status, error } = spawnSync(process.execPath, [vsce, "package", "--no-dependencies", "--out", vsix], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) throw new Error(`vsce failed: ${error?.message ?? `exit ${status}`}`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const vsix = packageExtension();
  console.log(`${path.relative(root, vsix)}: ${(statSync(vsix).size / 1e6).toFixed(2)} MB`);
}
