// Runs the terminal as users do: the bundle, as a process of its own, in a folder made for the test.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let built: Promise<string> | undefined;

/** Path of the bundled terminal, built once a process into a folder of its own. */
export function bundled(): Promise<string> {
  built ??= (async () => {
    const outdir = mkdtempSync(join(tmpdir(), "plumbline-cli-"));
    const script = pathToFileURL(join(__dirname, "../../../server/build/bundle.mjs")).href;
    const { bundle } = await import(script) as { bundle(options: { outdir: string }): Promise<unknown> };
    await bundle({ outdir });
    return join(outdir, "cli.js");
  })();
  return built;
}

/** Starts `plumbline` and leaves it running. Variables that say "this is a CI" are not inherited. */
export async function start(args: readonly string[], options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }): Promise<ChildProcess> {
  const { CI: _ci, GITHUB_WORKSPACE: _github, CI_PROJECT_DIR: _gitlab, NO_COLOR: _color, FORCE_COLOR: _force, ...environment } = process.env;
  return spawn(process.execPath, [await bundled(), ...args], { cwd: options.cwd, env: { ...environment, ...options.env }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Runs `plumbline` to its end. */
export async function plumbline(args: readonly string[], options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> }): Promise<Run> {
  const child = await start(args, options);
  let stdout = "";
  let stderr = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

/** A new folder with these files, by relative path. */
export function project(files: Readonly<Record<string, string | Buffer>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "plumbline-project-")));
  for (const [path, text] of Object.entries(files)) put(root, path, text);
  return root;
}

export function put(root: string, path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** The committed golden file beside the tests, compared by the caller; with UPDATE_GOLDEN=1 it is written first. */
export function golden(name: string, actual: string): string {
  const file = join(__dirname, "golden", name);
  if (process.env["UPDATE_GOLDEN"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  return readFileSync(file, "utf8");
}
