// What the embedded PostgreSQL needs at run time, beside its bundle: PGlite's WebAssembly and files, its extensions, and
// the prepared data folder that every database starts from. That one is made by the bundle itself and kept by what made it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const pglite = path.join(root, "node_modules/@electric-sql/pglite/dist");
/** PGlite's own extensions, and one that has a package of its own: its version names an older PGlite, whose minor version does not matter to it. */
const extensionFolders = [pglite, path.join(root, "node_modules/@electric-sql/pglite-pgvector/dist")];
const kept = path.join(root, "node_modules/.cache/plumbline");

/** Writes `outdir`/pglite; `outdir` holds embedded.js already. Takes about seven seconds of CPU the first time, none later. */
export function embedPostgres(outdir) {
  const folder = path.join(outdir, "pglite");
  const extensions = path.join(folder, "extensions");
  mkdirSync(extensions, { recursive: true });
  for (const file of ["pglite.wasm", "pglite.data"]) copyFileSync(path.join(pglite, file), path.join(folder, file));
  for (const from of extensionFolders) for (const file of readdirSync(from).filter((name) => name.endsWith(".tar.gz"))) copyFileSync(path.join(from, file), path.join(extensions, file));
  copyFileSync(preparedFolder(), path.join(folder, "prepared.snapshot"));
}

/** The prepared folder, made where the session's code or PGlite has changed since. */
function preparedFolder() {
  const session = path.join(root, "server/src/databases/embedded");
  const hash = createHash("sha256");
  for (const file of [path.join(session, "session.ts"), path.join(session, "snapshot.ts"), path.join(pglite, "../package.json")]) hash.update(readFileSync(file));
  const file = path.join(kept, `prepared-${hash.digest("hex").slice(0, 16)}.snapshot`);
  if (existsSync(file)) return file;
  mkdirSync(kept, { recursive: true });
  for (const old of readdirSync(kept).filter((name) => name.startsWith("prepared-"))) rmSync(path.join(kept, old), { force: true });
  const temporary = `${file}.${process.pid}`;
  const { status, stderr, error } = spawnSync(process.execPath, ["--import=tsx", path.join(session, "host.ts"), "--prepare", temporary], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(`the embedded PostgreSQL's data folder could not be made: ${error?.message ?? stderr}`);
  renameSync(temporary, file);
  return file;
}
