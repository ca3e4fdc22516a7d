// A data folder of the embedded PostgreSQL in one file: its paths and sizes as JSON, then the files one after the other,
// compressed. PGlite's own tar costs half a second more each start, for names that are looked up again and copies.
import { gunzipSync, gzipSync } from "node:zlib";

/** What is used of Emscripten's file system: https://emscripten.org/docs/api_reference/Filesystem-API.html */
export interface MemoryFiles {
  readdir(path: string): string[];
  stat(path: string): { readonly mode: number };
  isDir(mode: number): boolean;
  readFile(path: string): Uint8Array;
  writeFile(path: string, data: Uint8Array, options: { readonly canOwn: boolean }): void;
  mkdir(path: string, mode: number): void;
  mkdirTree(path: string, mode: number): void;
  analyzePath(path: string): { readonly exists: boolean };
}

/** Size -1: a folder. Parents come before what is in them. */
type Entry = readonly [path: string, size: number];

/** `keeps` tells whether a file (its path from `folder`) goes into the snapshot. `level` is gzip's. */
export function packFolder(files: MemoryFiles, folder: string, keeps: (path: string) => boolean, level: number): Buffer {
  const entries: Entry[] = [];
  const contents: Uint8Array[] = [];
  const visit = (path: string): void => {
    for (const name of files.readdir(`${folder}/${path}`).filter((one) => one !== "." && one !== "..").sort()) {
      const inner = path === "" ? name : `${path}/${name}`;
      if (files.isDir(files.stat(`${folder}/${inner}`).mode)) {
        entries.push([inner, -1]);
        visit(inner);
      } else if (keeps(inner)) {
        const content = files.readFile(`${folder}/${inner}`);
        entries.push([inner, content.length]);
        contents.push(content);
      }
    }
  };
  visit("");
  const head = Buffer.from(JSON.stringify(entries));
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  return gzipSync(Buffer.concat([size, head, ...contents]), { level });
}

/** Writes the snapshot's files below `folder`. Throws where the snapshot is damaged: gzip carries a checksum. */
export function unpackFolder(snapshot: Uint8Array, files: MemoryFiles, folder: string): void {
  const data = gunzipSync(snapshot);
  let at = 4 + data.readUInt32LE(0);
  const entries = JSON.parse(data.toString("utf8", 4, at)) as readonly Entry[];
  if (!files.analyzePath(folder).exists) files.mkdirTree(folder, 0o700);
  for (const [path, size] of entries) {
    if (size < 0) {
      if (!files.analyzePath(`${folder}/${path}`).exists) files.mkdir(`${folder}/${path}`, 0o700);
      continue;
    }
    files.writeFile(`${folder}/${path}`, data.subarray(at, at + size), { canOwn: true });
    at += size;
  }
}
