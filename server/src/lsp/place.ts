// Paths and URIs, offsets and lines. The only place, with report/, that knows lines.
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Location, Range } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { SourceRange } from "../model/schema";

/** Absolute path with `/` of a `file:` URI; undefined for every other scheme. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    const path = fileURLToPath(uri);
    if (process.platform !== "win32") return path;
    return path.replaceAll("\\", "/").replace(/^[a-z]:/, (drive) => drive.toUpperCase());
  } catch {
    return undefined;
  }
}

export function uriOf(path: string): string {
  return pathToFileURL(path).href;
}

/** The texts as the client sees them: open documents, and the rest from disk. */
export interface Texts {
  /** Undefined where there is no such file. */
  document(path: string): TextDocument | undefined;
  /** The URI under which the client has opened the file, or the usual one. */
  uri(path: string): string;
  /** The version of the open document; null for a file on disk. */
  version(path: string): number | null;
  /** Grows with each change of the file's text. */
  stamp(path: string): number;
}

export const nowhere: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export function rangeOf(at: SourceRange, texts: Texts): Range {
  const document = texts.document(at.file);
  return document ? { start: document.positionAt(at.start), end: document.positionAt(at.end) } : nowhere;
}

export function locationOf(at: SourceRange, texts: Texts): Location {
  return { uri: texts.uri(at.file), range: rangeOf(at, texts) };
}

export function contains(at: SourceRange | undefined, file: string, offset: number): boolean {
  return at !== undefined && at.file === file && at.start <= offset && offset <= at.end;
}
