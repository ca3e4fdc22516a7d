// The files of a workspace with others on top that are not on disk yet: so a migration is read as its folder's format reads
// it, before it is written. It reads and lists, and nothing else.
import type { Files } from "../../sources/source";
import type { WrittenFile } from "../folders/folder-format";

export type ReadFiles = Pick<Files, "read" | "list" | "exists">;

export function withWritten(files: ReadFiles, written: readonly WrittenFile[]): ReadFiles {
  const texts = new Map(written.map(({ file, text }) => [file, text]));
  return {
    read: (path) => texts.get(path) ?? files.read(path),
    exists: (path) => texts.has(path) || files.exists(path),
    list: (glob, under) => {
      const matches = matcher(glob);
      const added = [...texts.keys()].filter((path) => under !== undefined && path.startsWith(`${under}/`) && matches.test(path.slice(under.length + 1)));
      return [...new Set([...files.list(glob, under), ...added])].sort();
    },
  };
}

/** The few globs by which folder formats list: `*` within a name, `**` over folders. */
function matcher(glob: string): RegExp {
  const pattern = glob.split("/").map((part) => (part === "**" ? "(?:[^/]+/)*" : `${part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}/`)).join("");
  return new RegExp(`^${pattern.replace(/\/$/, "")}$`);
}
