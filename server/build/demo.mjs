// `npm run demo`: the whole way of a change, from a fresh clone: the finding, its fix as a diff, in Drizzle and in Prisma, drift
// against the embedded database, a migration with its way back, the plan, up, verify and down. It works on copies of the examples and changes nothing else.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./dependencies.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const colour = process.stdout.isTTY === true && !process.env.NO_COLOR;
const bold = (text) => (colour ? `\u001b[1m${text}\u001b[22m` : text);
const dim = (text) => (colour ? `\u001b[2m${text}\u001b[22m` : text);

try {
  ensureDependencies();
  const { bundle } = await import("./bundle.mjs");
  await bundle();
} catch (error) {
  console.error(`The set-up failed: ${error.message}`);
  process.exit(2);
}

const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-demo-"));
process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
const shop = path.join(scratch, "shop");
cpSync(path.join(root, "examples/drizzle-shop"), shop, { recursive: true });
cpSync(path.join(root, "examples/prisma-shop"), path.join(scratch, "prisma-shop"), { recursive: true });
console.log(dim(`A copy of examples/drizzle-shop, in ${shop}`));

// The shop's database as it stands: its own migrations are applied before the story begins.
plumbline(["migrate", "up", "--database", "embedded", "--yes"], "ignore");

const failed = [
  step("1. The finding: what is wrong with the shop's catalog", "check", "src/db/schema/catalog.ts"),
  step("2. Its fix as a diff: the missing indexes, in that file's own style", "fix", "src/db/schema/catalog.ts", "--dry-run", "--rule", "fk/unindexed"),
  step("3. The same shop in Prisma", "fix", "--cwd", "../prisma-shop", "--dry-run", "--rule", "fk/unindexed"),
  step("4. Drift: what a database has and the schema lacks, here the embedded one, made from the shop's migrations", "diff", "code", "db", "--database", "embedded"),
  step("5. The fix, written into all of the schema's files", "fix", "--rule", "fk/unindexed"),
  step("6. The migration: what the code has and the migrations lack, here of two tables, proved before it is written", "migrate", "new", "catalog", "--table", "categories", "products"),
  step("7. The plan: each statement, its lock and whom it blocks", "migrate", "plan", "--database", "embedded"),
  step("8. Up: on a PostgreSQL that comes with Plumbline", "migrate", "up", "--database", "embedded", "--yes"),
  step("9. Verify: the record, the objects, the indexes", "migrate", "verify", "--database", "embedded"),
  step("10. Down: the last one is taken back", "migrate", "down", "--database", "embedded", "--yes"),
].some((status) => status !== 0 && status !== 1);

heading("11. Where to look next");
console.log(`  ${bold("npm run plumbline -- check <your project>")}      the same on a schema of yours: a file, a folder, or --cwd <folder>
  ${bold("npm run plumbline -- check --database <URL>")}        with what a database of yours tells: drift, unused and invalid indexes
  ${bold("npm run plumbline -- migrate test --cwd <project>")}   every migration of yours: up, down and up again, with made-up rows
  ${bold("npm run plumbline -- explain fk/unindexed")}      why an index belongs under a foreign key
  ${bold("npm run plumbline -- model --cwd examples")}      what Plumbline reads, with the verdict on each foreign key
  ${bold("npm run package")}                                the VS Code extension, to install with "Extensions: Install from VSIX…"
  ${bold("npm test")}                                       all the tests, the ones inside the real editor included

  examples/drizzle-shop and examples/prisma-shop  the two schemas, not clean on purpose
  server/docs/README.md                           every rule, with its reason
  server/README.md                                how Plumbline is built
`);
process.exitCode = failed ? 2 : 0;

/** Runs plumbline with the arguments and gives its exit code: 1 is findings, which is what a demonstration is for. */
function step(title, ...args) {
  heading(title);
  console.log(dim(`$ plumbline ${args.join(" ")}\n`));
  return plumbline(args, "inherit");
}

function plumbline(args, stdio) {
  const { status } = spawnSync(process.execPath, [path.join(root, "dist/cli.js"), ...args], { cwd: shop, stdio, env: { ...process.env, XDG_CACHE_HOME: path.join(scratch, "cache"), LOCALAPPDATA: path.join(scratch, "cache") } });
  return status ?? 2;
}

function heading(title) {
  console.log(`\n${bold(title)}\n${dim("─".repeat(title.length))}\n`);
}
