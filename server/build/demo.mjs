// `npm run demo`: Plumbline's main job on the examples, from a fresh clone: sets itself up, prints the findings, the
// drift against the embedded database, the fixes as a diff, and where to look next. Changes nothing in the examples.
import { spawnSync } from "node:child_process";
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

const failed = [
  step("1. What is wrong with the shop's schemas, in Drizzle and in Prisma", "check", "--cwd", "examples"),
  step("2. What a database has and the schema lacks: here the embedded one, made from the shop's migrations", "diff", "code", "db", "--database", "embedded", "--cwd", "examples/drizzle-shop"),
  step("3. What Plumbline would write, in each file's own style", "fix", "--dry-run", "--cwd", "examples"),
].some((status) => status !== 0 && status !== 1);

heading("4. Where to look next");
console.log(`  ${bold("npm run plumbline -- check <your project>")}      the same on a schema of yours: a file, a folder, or --cwd <folder>
  ${bold("npm run plumbline -- check --database <URL>")}        with what a database of yours tells: drift, unused and invalid indexes
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
  const { status } = spawnSync(process.execPath, [path.join(root, "dist/cli.js"), ...args], { cwd: root, stdio: "inherit" });
  return status ?? 2;
}

function heading(title) {
  console.log(`\n${bold(title)}\n${dim("─".repeat(title.length))}\n`);
}
