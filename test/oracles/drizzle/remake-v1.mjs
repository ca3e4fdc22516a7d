// Makes the snapshots of drizzle-kit 1.0.0-rc.5 again that tests hold Plumbline's against, and the footprints of the
// migrations from each schema to the next: the package is too large (96 MB)
// to be installed for every run. npm i drizzle-kit@1.0.0-rc.5 drizzle-orm@1.0.0-rc.5 in an empty folder, then
// node test/oracles/drizzle/remake-v1.mjs <that folder>
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.join(path.dirname(fileURLToPath(import.meta.url)), "v1");
const installed = path.resolve(process.argv[2] ?? ".");
const made = (kind, ...entity) => ({ type: "create", kind, entity });
const hints = {
  third: [{ type: "rename", kind: "table", from: ["public", "named"], to: ["public", "pairs"] }, { type: "rename", kind: "column", from: ["app", "links", "parent"], to: ["app", "links", "above"] }, made("check", "public", "clients", "r_check"), made("index", "public", "clients", "gen_idx")],
  resecured: [{ type: "rename", kind: "policy", from: ["public", "clients", "old name"], to: ["public", "clients", "new name"] }, made("table", "public", "fresh")],
  reviewed: [{ type: "rename", kind: "view", from: ["app", "idle"], to: ["app", "quiet"] }, { type: "rename", kind: "view", from: ["public", "moved"], to: ["app", "moved"] }, made("view", "public", "fresh"), made("column", "public", "clients", "email")],
  repeopled: [{ type: "rename", kind: "role", from: ["writer"], to: ["author"] }, made("role", "newcomer"), made("schema", "fresh")],
  seventh: [
    { type: "rename", kind: "enum", from: ["public", "state"], to: ["app", "status"] }, { type: "rename", kind: "enum", from: ["app", "level"], to: ["public", "level"] }, { type: "rename", kind: "sequence", from: ["app", "numbers"], to: ["other", "counts"] },
    { type: "rename", kind: "table", from: ["app", "links"], to: ["other", "edges"] }, { type: "rename", kind: "table", from: ["public", "pairs"], to: ["app", "pairs"] }, { type: "rename", kind: "table", from: ["public", "tickets"], to: ["other", "tickets"] },
  ],
  renamed: [["primary_key", "lines", "lines_pkey", "lines_own"], ["foreign key", "lines", "lines_order_id_orders_id_fkey", "of_order"], ["unique", "orders", "orders_buyer_seller_unique", "orders_pair"], ["unique", "orders", "orders_code_key", "orders_code_own"]].map(([kind, table, from, to]) => ({ type: "rename", kind, from: ["public", table, from], to: ["public", table, to] })),
  eighth: [{ type: "rename", kind: "schema", from: ["other"], to: ["shop"] }],
  fourth: [made("column", "public", "clients", "code4"), made("unique", "public", "clients", "code_alone")],
};
const one = (entity) => JSON.stringify(entity);
const kit = (folder, name) => {
  copyFileSync(path.join(here, `${name}.ts.txt`), path.join(folder, "schema.ts"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(installed, "node_modules/drizzle-kit/bin.cjs"), "generate", "--dialect", "postgresql", "--schema", "./schema.ts", "--out", "out", "--name", name, ...(hints[name] ? ["--hints", JSON.stringify(hints[name])] : [])], { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stdout + stderr);
  const migration = readdirSync(path.join(folder, "out")).find((found) => found.endsWith(`_${name}`));
  if (!migration) throw new Error(stdout + stderr);
  return JSON.parse(readFileSync(path.join(folder, "out", migration, "snapshot.json"), "utf8"));
};
const project = () => {
  const folder = mkdtempSync(path.join(tmpdir(), "plumbline-kit-"));
  symlinkSync(path.join(installed, "node_modules"), path.join(folder, "node_modules"));
  return folder;
};
const kept = (file, entries) => writeFileSync(path.join(here, file), `[\n${entries.map(one).join(",\n")}\n]\n`);
for (const names of [["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"], ["secured", "resecured"], ["viewed", "reviewed"], ["peopled", "repeopled"], ["unnamed", "named", "renamed"]]) {
  const chain = project();
  for (const name of names) {
    kept(`${name}.footprints.json`, kit(chain, name).footprints);
    const alone = project();
    kept(`${name}.json`, kit(alone, name).ddl);
    rmSync(alone, { recursive: true, force: true });
  }
  rmSync(chain, { recursive: true, force: true });
}
