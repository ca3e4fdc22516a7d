// What the extension's own activation costs: CPU of the extension host's process while VS Code activates it, in a
// workspace that holds no schema, so that nothing has activated it before.
import { build } from "esbuild";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { require as requireTypeScript } from "tsx/cjs/api";
import os from "node:os";
import path from "node:path";
import { bundle, root } from "../../server/build/bundle.mjs";

/** Milliseconds of CPU and of wall time. */
export async function activationCpu() {
  const { runInExtensionHost } = requireTypeScript("../vscode/host/served-vscode.ts", import.meta.url);
  const scratch = mkdtempSync(path.join(os.tmpdir(), "plumbline-activation-"));
  try {
    await bundle({ production: true });
    const result = path.join(scratch, "result.json");
    const test = path.join(scratch, "test.ts");
    writeFileSync(test, `
      import * as vscode from "vscode";
      import { writeFileSync } from "node:fs";
      export async function run() {
        const extension = vscode.extensions.getExtension("plumbline.plumbline")!;
        if (extension.isActive) throw new Error("active in a workspace without a schema");
        // What the editor itself does after its start is not the extension's.
        await new Promise((resolve) => setTimeout(resolve, 5000));
        const [cpu, started] = [process.cpuUsage(), performance.now()];
        await extension.activate();
        const { user, system } = process.cpuUsage(cpu);
        writeFileSync(process.env.PLUMBLINE_RESULT!, JSON.stringify({ cpu: (user + system) / 1000, wall: performance.now() - started }));
      }`);
    const built = path.join(scratch, "test.js");
    await build({ entryPoints: [test], outfile: built, bundle: true, platform: "node", format: "cjs", external: ["vscode"], logLevel: "warning" });
    const workspace = path.join(scratch, "workspace");
    mkdirSync(workspace);
    writeFileSync(path.join(workspace, "README.md"), "# Nothing here\n");
    const { code, why } = await runInExtensionHost({ workspace, env: { PLUMBLINE_RESULT: result }, extensionDevelopmentPath: root, extensionTestsPath: built.replace(/\.js$/, ""), timeout: 60_000, onConsole: () => {} });
    if (code !== 0) throw new Error(why ?? `the editor ended with ${code}`);
    return JSON.parse(readFileSync(result, "utf8"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
