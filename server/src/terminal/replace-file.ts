// Writes a file whole: a reader sees the old text or the new one, never a part. Nothing is written over a file that
// somebody else has changed since it was read.
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** One file to replace. */
export interface Replacement {
  readonly path: string;
  /** The text that the new one was made from; undefined: the file must not exist. */
  readonly before: string | undefined;
  readonly after: string;
}

/** What came of it: the file is as wanted, or as it was. `reason` completes "… was not written: ". */
export type Replaced = { readonly kind: "written"; readonly path: string } | { readonly kind: "refused"; readonly path: string; readonly reason: string };

/** Replaces the file through a temporary one beside it and a rename; mode, owner and symbolic links stay. Never throws. */
export function replaceFile({ path, before, after }: Replacement): Replaced {
  let temporary: string | undefined;
  try {
    if (before === undefined && existsSync(path)) return { kind: "refused", path, reason: "a file of that name has appeared meanwhile" };
    const target = before === undefined ? path : realpathSync(path);
    const old = before === undefined ? undefined : statSync(target);
    if (before !== undefined && !readFileSync(target).equals(Buffer.from(before))) return { kind: "refused", path, reason: "it has changed meanwhile" };
    temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.tmp`);
    const handle = openSync(temporary, "wx", old?.mode ?? 0o666);
    try {
      writeFileSync(handle, after);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (old !== undefined) {
      chmodSync(temporary, old.mode);
      keepOwner(temporary, old.uid, old.gid);
    }
    if (before !== undefined && !readFileSync(target).equals(Buffer.from(before))) return { kind: "refused", path, reason: "it has changed meanwhile" };
    renameSync(temporary, target);
    temporary = undefined;
    return { kind: "written", path };
  } catch (error) {
    return { kind: "refused", path, reason: error instanceof Error ? error.message : String(error) };
  } finally {
    if (temporary !== undefined) rmSync(temporary, { force: true });
  }
}

/** Only the superuser may give files away; for everybody else the new file is their own, as an editor's would be. */
function keepOwner(path: string, owner: number, group: number): void {
  try {
    chownSync(path, owner, group);
  } catch {
    // Not permitted: the text matters more.
  }
}
