// The documents that the client has open, kept by its incremental changes. Each change is also given as steps in
// offsets, so that the engine need not look for what changed.
import type { TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { TextEdit } from "../sources/source";
import { pathOf } from "./place";

export type Step = Omit<TextEdit, "file">;

export interface Documents {
  /** Path of the opened document, or undefined where it is no file. */
  open(item: TextDocumentItem): string | undefined;
  /** The steps in turn, each in offsets of the text before it; `steps` is undefined where the whole text was sent. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): { readonly path: string; readonly steps?: readonly Step[] } | undefined;
  close(uri: string): string | undefined;
  byPath(path: string): TextDocument | undefined;
  all(): Iterable<readonly [path: string, document: TextDocument]>;
}

export function openDocuments(): Documents {
  const byPath = new Map<string, TextDocument>();
  return {
    open(item) {
      const path = pathOf(item.uri);
      if (path !== undefined) byPath.set(path, TextDocument.create(item.uri, item.languageId, item.version, item.text));
      return path;
    },
    change(uri, version, changes) {
      const path = pathOf(uri);
      const document = path === undefined ? undefined : byPath.get(path);
      if (path === undefined || !document) return undefined;
      let steps: Step[] | undefined = [];
      for (const change of changes) {
        if ("range" in change) {
          const [start, end] = [document.offsetAt(change.range.start), document.offsetAt(change.range.end)];
          steps?.push({ start: Math.min(start, end), end: Math.max(start, end), text: change.text });
        } else steps = undefined;
        TextDocument.update(document, [change], version);
      }
      return { path, steps };
    },
    close(uri) {
      const path = pathOf(uri);
      if (path !== undefined) byPath.delete(path);
      return path;
    },
    byPath: (path) => byPath.get(path),
    all: () => byPath,
  };
}
