// What the embedded database's tests run on: the runtime that the build makes, once for a run, and schemas read from text.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SchemaModel } from "../../../server/src/model/schema";
import { workspace } from "../../unit/drizzle/memory-files";

const folders: string[] = [];
let built: Promise<string> | undefined;

/** A folder with embedded.js and pglite/, as in dist/. It goes with the process. */
export function runtime(): Promise<string> {
  built ??= (async () => {
    const { bundle } = (await import("../../../server/build/bundle.mjs" as string)) as { bundle(options: { outdir: string; only: readonly string[] }): Promise<unknown> };
    const outdir = temporaryFolder();
    await bundle({ outdir, only: ["embedded"] });
    return outdir;
  })();
  return built;
}

/** An empty folder that goes with the process. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "plumbline-embedded-"));
  if (folders.length === 0) process.once("exit", () => folders.forEach((one) => rmSync(one, { recursive: true, force: true })));
  folders.push(folder);
  return folder;
}

export function readSchema(text: string): SchemaModel {
  const { session } = workspace({ "schema.ts": text, "package.json": '{ "dependencies": { "drizzle-orm": "0.45.4" } }', "drizzle.config.ts": 'export default { dialect: "postgresql", schema: "./schema.ts" };' });
  return session.read(session.discover()[0]!).model;
}
