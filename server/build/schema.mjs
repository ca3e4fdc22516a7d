// Writes what follows from the settings: client/media/plumbline.config.schema.json and, in package.json,
// contributes.configuration.
//   node server/build/schema.mjs            writes them
//   node server/build/schema.mjs --check    exits 1 where a committed one is not current
import { build } from "esbuild";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const schemaFile = "client/media/plumbline.config.schema.json";

/** Path (relative to the project) and text of both files. */
export async function generated() {
  const { rules, configurable, configSchema, editorSettings } = await load();
  const known = configurable(rules);
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  manifest.contributes ??= {};
  manifest.contributes.configuration = { title: "Plumbline", properties: editorSettings(known) };
  return new Map([
    [schemaFile, `${JSON.stringify(configSchema(known), undefined, 2)}\n`],
    ["package.json", `${JSON.stringify(manifest, undefined, 2)}\n`],
  ]);
}

/** The settings are TypeScript: bundled in memory, then imported. */
async function load() {
  const contents = `export { rules } from "./rules/registry"; export { configurable } from "./config"; export { configSchema, editorSettings } from "./config-schema";`;
  const result = await build({ stdin: { contents, resolveDir: join(root, "server/src"), loader: "ts" }, bundle: true, write: false, format: "esm", platform: "node", logLevel: "error" });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString("base64")}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = [...await generated()].filter(([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), "utf8") !== text);
  if (process.argv.includes("--check")) {
    for (const [path] of stale) console.error(`${path} is not current: run node server/build/schema.mjs`);
    process.exitCode = stale.length > 0 ? 1 : 0;
  } else {
    for (const [path, text] of stale) writeFileSync(join(root, path), text);
  }
}
