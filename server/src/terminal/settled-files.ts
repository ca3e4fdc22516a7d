// Which migration files the remote's main branch holds already: they are others' as well, and count as applied where no
// database is asked. It reads the repository with git and changes nothing; without git, or a remote, nothing is known.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { withSlashes } from "./disk-files";

const run = promisify(execFile);

/** Milliseconds after which an answer of git is not waited for. */
const patience = 5_000;

/** Absolute paths, with `/`, of the files in `folders` (absolute) as they were where this branch left the remote's main one. Never rejects. */
export async function settledFiles(folders: readonly string[]): Promise<ReadonlySet<string>> {
  const settled = new Set<string>();
  for (const folder of folders) {
    const base = await baseOf(folder);
    const listed = base === undefined ? undefined : await git(folder, ["ls-tree", "-r", "-z", "--name-only", base, "."]);
    for (const name of listed?.split("\0") ?? []) if (name !== "") settled.add(`${folder}/${withSlashes(name)}`);
  }
  return settled;
}

async function baseOf(folder: string): Promise<string | undefined> {
  for (const branch of ["origin/HEAD", "origin/main", "origin/master"]) {
    const base = await git(folder, ["merge-base", "HEAD", branch]);
    if (base !== undefined) return base.trim();
  }
  return undefined;
}

async function git(folder: string, words: readonly string[]): Promise<string | undefined> {
  try {
    return (await run("git", ["-C", folder, "-c", "core.fsmonitor=false", ...words], { timeout: patience, maxBuffer: 64 * 1024 * 1024, windowsHide: true, env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" } })).stdout;
  } catch {
    return undefined;
  }
}
