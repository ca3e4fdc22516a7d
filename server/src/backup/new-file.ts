// Files that are there in full or not at all: written under a temporary name beside their place, brought to disk, and only
// then given their name. Only their owner may read them, since they hold a database.
import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { BackupError } from "./backup";

export interface NewFile {
  write(bytes: Uint8Array): void;
  /** Gives it its name. Throws a `BackupError` where there is a file of that name by now. */
  keep(): void;
  /** Removes it, unless it was kept. Never throws. */
  discard(): void;
}

/** Makes the folder where it lacks. Throws a `BackupError` where the file exists or cannot be made. */
export function newFile(path: string): NewFile {
  if (existsSync(path)) throw taken(path);
  const temporary = temporaryBeside(path);
  let handle: number | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true });
    handle = openSync(temporary, "wx", 0o600);
  } catch (error) {
    throw new BackupError(`${path} cannot be written: ${(error as Error).message}.`, "refused");
  }
  const close = (): void => {
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };
  return {
    write(bytes) {
      try {
        for (let at = 0; at < bytes.length; ) at += writeSync(handle!, bytes, at);
      } catch (error) {
        throw new BackupError(`${path} cannot be written: ${(error as Error).message}. Nothing is left of it.`, "failed");
      }
    },
    keep() {
      fsyncSync(handle!);
      close();
      try {
        // Unlike a rename, a link never takes another file's place.
        linkSync(temporary, path);
        rmSync(temporary);
      } catch {
        if (existsSync(path)) throw taken(path);
        renameSync(temporary, path);
      }
    },
    discard() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** `folder`/STEM.ENDING, the stem with -2, -3 … behind it where such a file is there or is just being written: two dumps of one second have two names. The folder must exist. */
export function freePath(folder: string, stem: string, ending: string): string {
  const present = readdirSync(folder);
  for (let number = 1; ; number++) {
    const name = `${stem}${number === 1 ? "" : `-${number}`}.${ending}`;
    const path = join(folder, name);
    if (!existsSync(path) && !present.some((one) => one.startsWith(temporaryStart(name)))) return path;
  }
}

/** Writes a small text whole, over what is there. */
export function replaceFile(path: string, text: string): void {
  const temporary = temporaryBeside(path);
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `${temporaryStart(basename(path))}${randomBytes(6).toString("hex")}.tmp`);
}

function temporaryStart(name: string): string {
  return `.${name}.`;
}

function taken(path: string): BackupError {
  return new BackupError(`${path} exists already, and a dump is never written over another file. Name another one.`, "refused");
}
