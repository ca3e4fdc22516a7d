// The manifest beside a dump (FILE.json): what the dump must hold once it is restored. It is a help, not a condition: any
// dump of pg_dump restores without one.
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { BackupError, type Manifest } from "./backup";
import { replaceFile } from "./new-file";

export function manifestOf(file: string): string {
  return `${file}.json`;
}

/** Undefined: there is none. Throws a `BackupError` where it cannot be read. */
export function readManifest(file: string): Manifest | undefined {
  const path = manifestOf(file);
  if (!existsSync(path)) return undefined;
  try {
    const read = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    if (read.version === 1 && typeof read.sha256 === "string" && typeof read.rows === "object" && Array.isArray(read.schema?.tables)) return read;
  } catch {
    // Said below.
  }
  throw new BackupError(`${path} is no manifest of a dump. Move it away to verify ${basename(file)} without it.`, "refused");
}

export function writeManifest(file: string, manifest: Manifest): void {
  replaceFile(manifestOf(file), `${JSON.stringify(manifest)}\n`);
}

/** A full sentence where the file is not the one that was made. */
export async function fileProblem(file: string, { bytes, sha256, madeAt }: Manifest): Promise<string | undefined> {
  const { size } = statSync(file);
  if (size !== bytes) return `The file has ${size} bytes, and had ${bytes} when it was made (${madeAt}).`;
  const hash = createHash("sha256");
  for await (const piece of createReadStream(file)) hash.update(piece as Uint8Array);
  const found = hash.digest("hex");
  return found === sha256 ? undefined : `The file was changed since it was made (${madeAt}): its SHA-256 is ${found}, and was ${sha256}.`;
}
