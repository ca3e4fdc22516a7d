#!/usr/bin/env node
// Stands in for the `code` executable that @vscode/test-electron starts (vscodeExecutablePath): takes the same
// arguments and ends with the same exit code, but runs the VS Code served to a headless Chromium.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { format } from "node:util";
import { require as requireTypeScript } from "tsx/cjs/api";

const { runInExtensionHost } = requireTypeScript("./served-vscode.ts", import.meta.url);

const options = new Map();
const plain = [];
for (const argument of process.argv.slice(2)) {
  const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
  if (name) options.set(name, value ?? true);
  else plain.push(argument);
}

const userSettings = path.join(String(options.get("user-data-dir")), "User/settings.json");
// These belong to this process, not to the editor's.
const { PATH, HOME, TMPDIR, SHELL, LANG, NODE_OPTIONS, ...env } = process.env;
// The extension host's console.log arrives among the workbench's own lines.
const workbench = /^(Resolv|Creating a socket|Ignoring fetching|Updating additional|Started |Completed |Loading |\[|.*(Service ?Worker|authentication provider))/;

const { code, why } = await runInExtensionHost({
  workspace: plain.at(-1),
  settings: existsSync(userSettings) ? JSON.parse(readFileSync(userSettings, "utf8")) : {},
  builtins: (env.SERVED_VSCODE_BUILTINS ?? "").split(",").filter(Boolean),
  workspaceTrust: !options.has("disable-workspace-trust"),
  env,
  extensionDevelopmentPath: options.get("extensionDevelopmentPath"),
  extensionTestsPath: String(options.get("extensionTestsPath")).replace(/\.js$/, ""),
  timeout: 300_000,
  onConsole(type, text) {
    if (!workbench.test(String(text[0])) && (type === "info" || type === "error")) console.log(format(...text));
  },
});
if (why) console.error(why);
process.exitCode = code;
