// Writes server/src/rules/registry.ts from the folder: every rules/<group>/<name>.ts is the rule `<group>/<name>`.
//   node server/build/registry.mjs            writes it
//   node server/build/registry.mjs --check    exits 1 where the committed one is not current
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../src/rules");
const target = join(folder, "registry.ts");

/** Ids of all rules, sorted. */
export function ruleIds() {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((group) => readdirSync(join(folder, group.name)).filter((file) => file.endsWith(".ts")).map((file) => `${group.name}/${file.slice(0, -3)}`))
    .sort();
}

/** The text that registry.ts must have. */
export function registry(ids = ruleIds()) {
  const local = (id) => id.replace(/[-/](\w)/g, (_, letter) => letter.toUpperCase());
  return [
    "// Every rule by its id. Generated from the folder by server/build/registry.mjs: do not edit, add a rule file instead.",
    'import type { Rule } from "./rule";',
    ...ids.map((id) => `import ${local(id)} from "./${id}";`),
    "",
    "export const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([",
    ...ids.map((id) => `  ["${id}", ${local(id)}],`),
    "]);",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const current = readFileSync(target, "utf8");
  const wanted = registry();
  if (process.argv.includes("--check")) {
    if (current !== wanted) {
      console.error("server/src/rules/registry.ts is not current: run node server/build/registry.mjs");
      process.exit(1);
    }
  } else if (current !== wanted) writeFileSync(target, wanted);
}
