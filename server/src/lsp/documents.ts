// The documents that the client has open, kept by its incremental changes. Each change is also given as steps in
// offsets, so that the engine need not look for what changed.
import type { Range, TextDocumentContentChangeEvent, TextDocumentItem } from "vscode-languageserver/node";
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
          const step = stepOf(document, change.range, change.text);
          steps?.push(step);
          apply(document, step, version);
        } else {
          steps = undefined;
          TextDocument.update(document, [change], version);
        }
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

function stepOf(document: TextDocument, range: Range, text: string): Step {
  const [one, other] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  return { start: Math.min(one, other), end: Math.max(one, other), text };
}

/** By valid positions alone, and whole where the edit makes or breaks a CRLF: the library's line table is wrong after others. */
function apply(document: TextDocument, { start, end, text }: Step, version: number): void {
  const before = document.getText();
  const joins = before[start - 1] === "\r" || (before[end] === "\n" && (text.endsWith("\r") || (text === "" && start > 0) || before[end - 1] === "\r"));
  const change = joins ? { text: before.slice(0, start) + text + before.slice(end) } : { range: { start: document.positionAt(start), end: document.positionAt(end) }, text };
  TextDocument.update(document, [change], version);
}
