// The engine's view of one workspace folder: open documents first, then the disk as remembered. It reads nothing
// itself; the door gives it the disk.
import type { Files } from "../sources/source";
import type { Documents } from "./documents";

/** A folder's files on disk, remembered until told to forget. */
export interface Disk extends Files {
  forget(path?: string): void;
}

export function overlay(disk: Disk, documents: Documents): Files {
  return {
    root: disk.root,
    read: (path) => documents.byPath(path)?.getText() ?? disk.read(path),
    exists: (path) => documents.byPath(path) !== undefined || disk.exists(path),
    list: (glob, under) => disk.list(glob, under),
    ...(disk.beside && { beside: (folder) => disk.beside!(folder) }),
  };
}
