// Messages as the protocol's own encoder would write them, diagnostics that come again among them.
import assert from "node:assert/strict";
import type { Diagnostic } from "vscode-languageserver/node";
import { messageText } from "../../../server/src/lsp/message-text";

const range = (line: number) => ({ start: { line, character: 2 }, end: { line, character: 9 } });
const diagnostic = (line: number, more: Partial<Diagnostic> = {}): Diagnostic => ({ range: range(line), severity: 2, code: "fk/unindexed", source: "plumbline", message: "Ein „Schlüssel“ \"a\\b\" 🪢\n", data: { key: "k" }, ...more });
const related = (line: number) => [{ location: { uri: "file:///a%20b.ts", range: range(line) }, message: "the \"other\"" }];

describe("messages as text", () => {
  const check = (message: object): void => assert.deepEqual(JSON.parse(messageText({ jsonrpc: "2.0", ...message })), JSON.parse(JSON.stringify({ jsonrpc: "2.0", ...message })));
  const first = diagnostic(3, { relatedInformation: related(1), tags: [1] });

  it("hold published diagnostics, at their places of now", () => {
    check({ method: "textDocument/publishDiagnostics", params: { uri: "file:///a", version: 2, diagnostics: [first, diagnostic(8)] } });
    check({ method: "textDocument/publishDiagnostics", params: { uri: "file:///a", diagnostics: [{ ...first, range: range(4), relatedInformation: related(2) }] } });
    check({ method: "textDocument/publishDiagnostics", params: { uri: "file:///a", diagnostics: [{ ...first, range: range(5) }, diagnostic(9, { data: undefined })] } });
  });

  it("hold pulled diagnostics", () => {
    check({ id: 7, result: { kind: "full", resultId: "3", items: [first, { ...first, range: range(90) }] } });
    check({ id: 0, result: { items: [diagnostic(1)] } });
  });

  it("are all others as they are", () => {
    for (const message of [
      { id: 1, result: null }, { id: 1, result: { items: [] } }, { id: 1, result: { isIncomplete: false, items: [{ label: "a" }] } }, { id: 1, error: { code: 1, message: "no" } },
      { method: "x" }, { method: "x", params: { diagnostics: [] } }, { id: 2, result: { items: [{ kind: "full", uri: "u", version: 1, items: [first] }] } },
    ]) check(message);
  });
});
