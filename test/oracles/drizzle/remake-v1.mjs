// Makes the snapshots of drizzle-kit 1.0.0-rc.5 again that tests hold Plumbline's against: the package is too large (96 MB)
// to be installed for every run. npm i drizzle-kit@1.0.0-rc.5 drizzle-orm@1.0.0-rc.5 in an empty folder, then
// node test/oracles/drizzle/remake-v1.mjs <that folder>
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.join(path.dirname(fileURLToPath(import.meta.url)), "v1");
const installed = path.resolve(process.argv[2] ?? ".");
for (const name of ["first", "second"]) {
  const folder = mkdtempSync(path.join(tmpdir(), "plumbline-kit-"));
  symlinkSync(path.join(installed, "node_modules"), path.join(folder, "node_modules"));
  copyFileSync(path.join(here, `${name}.ts.txt`), path.join(folder, "schema.ts"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(installed, "node_modules/drizzle-kit/bin.cjs"), "generate", "--dialect", "postgresql", "--schema", "./schema.ts", "--out", "out", "--name", "kit"], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
  const [migration] = readdirSync(path.join(folder, "out"));
  const { ddl } = JSON.parse(readFileSync(path.join(folder, "out", migration, "snapshot.json"), "utf8"));
  writeFileSync(path.join(here, `${name}.json`), `[\n${ddl.map((entity) => JSON.stringify(entity)).join(",\n")}\n]\n`);
  rmSync(folder, { recursive: true, force: true });
}
