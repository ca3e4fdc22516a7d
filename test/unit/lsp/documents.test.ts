import assert from "node:assert/strict";
import { TextDocument } from "vscode-languageserver-textdocument";
import { openDocuments } from "../../../server/src/lsp/documents";

describe("open documents", () => {
  it("give each change as steps that make the new text of the old one", () => {
    const documents = openDocuments();
    let text = "one\r\ntwo 😀 three\n\nfour";
    documents.open({ uri: "file:///a.ts", languageId: "typescript", version: 1, text });
    let seed = 7;
    const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
    for (let version = 2; version < 400; version++) {
      const document = documents.byPath("/a.ts")!;
      const changes = Array.from({ length: 1 + random(3) }, () => ({
        range: { start: { line: random(document.lineCount + 1), character: random(20) }, end: { line: random(document.lineCount + 1), character: random(20) } },
        text: ["", "x", "\n", "\r\n", "a\nb", "😀"][random(6)]!,
      }));
      const { steps, path } = documents.change("file:///a.ts", version, changes)!;
      for (const { start, end, text: inserted } of steps!) text = text.slice(0, start) + inserted + text.slice(end);
      assert.equal(path, "/a.ts");
      assert.equal(text, documents.byPath("/a.ts")!.getText());
      const fresh = TextDocument.create("", "", 0, text);
      const places = Array.from({ length: text.length + 1 }, (_, offset) => document.positionAt(offset));
      assert.deepEqual(places, places.map((_, offset) => fresh.positionAt(offset)));
    }
    assert.equal(documents.change("file:///a.ts", 1000, [{ text: "whole" }])!.steps, undefined);
    assert.equal(documents.byPath("/a.ts")!.getText(), "whole");
  });

  it("know only files", () => {
    const documents = openDocuments();
    assert.equal(documents.open({ uri: "untitled:a.ts", languageId: "typescript", version: 1, text: "" }), undefined);
    assert.equal(documents.change("git:/a.ts", 2, []), undefined);
  });
});
