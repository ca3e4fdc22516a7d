// Writes several files, all or none: what was written before one of them fails is taken back. Each by itself is replaced
// whole.
import { mkdirSync, rmSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { replaceFile } from "./replace-file";

export interface FileToWrite {
  /** Absolute. */
  readonly path: string;
  /** The text that it has now; undefined: it must not exist. */
  readonly before: string | undefined;
  readonly after: string;
}

/** Undefined where all are written; else a full sentence, and all is as it was. Folders are made where they lack. */
export function writeFiles(files: readonly FileToWrite[]): string | undefined {
  const done: FileToWrite[] = [];
  const folders: string[] = [];
  for (const file of files) {
    const failure = makeFolder(dirname(file.path), folders) ?? write(file);
    if (failure === undefined) {
      done.push(file);
      continue;
    }
    const left = [...done].reverse().flatMap((one) => takeBack(one) ?? []);
    for (const folder of folders.reverse()) removeEmpty(folder);
    return `${file.path} was not written: ${failure}. ${left.length === 0 ? "Nothing was written." : `These could not be taken back: ${left.join(", ")}.`}`;
  }
  return undefined;
}

function write(file: FileToWrite): string | undefined {
  const result = replaceFile(file);
  return result.kind === "refused" ? result.reason : undefined;
}

function makeFolder(folder: string, made: string[]): string | undefined {
  try {
    const first = mkdirSync(folder, { recursive: true });
    // The topmost that was made, and those below it down to `folder`.
    for (let one = folder; first !== undefined && one.length >= first.length; one = dirname(one)) made.push(one);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The path where that is not possible. */
function takeBack({ path, before, after }: FileToWrite): string | undefined {
  if (before !== undefined) return write({ path, before: after, after: before }) === undefined ? undefined : path;
  try {
    rmSync(path);
    return undefined;
  } catch {
    return path;
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody else has put something there.
  }
}
